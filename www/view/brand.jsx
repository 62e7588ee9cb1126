/* The mark and the name of the workspace. */
import { useApp } from './context.js';
import { watch } from './watch.js';

export function Brand() {
  const { chat, identity } = useApp();
  const { server, welcomed } = watch(chat);
  const { place } = watch(identity);
  return (
    <span class="brand">
      <img class="brand__mark" src="/favicon.svg" alt="" width="28" height="28" />
      <bdi class="brand__name">{(welcomed ? server.name : place?.name) || 'Hubbub'}</bdi>
    </span>
  );
}
