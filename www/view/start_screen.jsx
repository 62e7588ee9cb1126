/* What there is before the chat: waiting for the server, and the name prompt. */
import { Banner } from './banner.jsx';
import { useApp } from './context.js';
import { NameForm } from './name_form.jsx';
import { watch } from './watch.js';

export function Brand() {
  const { server } = watch(useApp().chat);
  return (
    <span class="brand">
      <img class="brand__mark" src="/favicon.svg" alt="" width="28" height="28" />
      <span class="brand__name">{server.name}</span>
    </span>
  );
}

/** Waiting for the first answer. The skeleton appears only when that takes long enough to be noticed. */
export function StartScreen() {
  return (
    <div class="start">
      <Banner />
      <main class="start__wait">
        <h1 class="visually-hidden">Hubbub</h1>
        <p class="visually-hidden">Connecting…</p>
        <div class="skeleton" aria-hidden="true" />
        <div class="skeleton" aria-hidden="true" />
        <div class="skeleton" aria-hidden="true" />
      </main>
    </div>
  );
}

export function NameScreen() {
  const { chat } = useApp();
  watch(chat);
  return (
    <main class="start">
      <div class="start__card">
        <Brand />
        <h1>{chat.nameLost ? 'Who are you again?' : 'Welcome'}</h1>
        <p>
          {chat.nameLost
            ? 'The server no longer knows this browser. Choose a name to go on; what you have written is still here.'
            : 'Choose a name that others will see.'}
        </p>
        <NameForm label="Your name" action="Join" initial={chat.me?.name} />
      </div>
    </main>
  );
}
