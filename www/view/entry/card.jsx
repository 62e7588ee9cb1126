/* The frame of all screens before the chat: the workspace's name, a title, and a form. */
import { useEffect } from 'preact/hooks';
import { Brand } from '../brand.jsx';
import { pageTitle } from '../ui.js';

/** @param {{ title: string, children: import('preact').ComponentChildren }} props */
export function Card({ title, children }) {
  useEffect(() => {
    pageTitle.value = title;
    return () => {
      pageTitle.value = null;
    };
  }, [title]);
  return (
    <main class="start">
      <div class="start__card">
        <Brand />
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}
