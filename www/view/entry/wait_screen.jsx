/* Waiting for the first answer. The skeleton appears only after a moment. */
import { Banner } from '../banner.jsx';

export function WaitScreen() {
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
