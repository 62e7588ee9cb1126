/* The page on one screen: what there is, and who tells whom. */
import { options, render } from 'preact';
import { systemClock } from './lib/clock.js';
import { JsonStorage } from './lib/storage.js';
import { Chat } from './model/chat.js';
import { Today } from './model/today.js';
import * as api from './net/api.js';
import { Connection } from './net/connection.js';
import { App } from './view/app.jsx';
import { ContextProvider } from './view/context.js';
import { Router } from './view/router.js';
import { listenForShortcuts } from './view/shortcuts.js';
import { Theme } from './view/theme.js';
import { focusComposer } from './view/timeline.jsx';
import { followWidth, panel } from './view/ui.js';
import { followAttention, followKeyboard, followTitle } from './view/window.js';

/** How often a hidden page is drawn, for which the browser makes no frames. */
const HIDDEN_FRAME_MS = 200;

/* A busy room changes more often than the screen: draw once per frame. That is also after the frame's scroll events, so that the
 * timeline knows where the reader is. */
options.debounceRendering = (draw) => {
  if (document.hidden) setTimeout(draw, HIDDEN_FRAME_MS);
  else requestAnimationFrame(draw);
};

const connection = new Connection({
  open: () => new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`, 'hubbub.v1'),
  async identify() {
    const me = await api.fetchMe();
    if (me) chat.takeName(me);
    return me !== null;
  },
  onNameless: () => chat.loseName(),
  onFrame: (frame) => chat.receive(frame),
  onDown: (cause) => chat.disconnected(cause),
  clock: systemClock,
  random: Math.random,
});

const chat = new Chat({
  port: {
    send: (frame) => connection.send(frame),
    request: (frame) => connection.request(frame),
    reconnect: () => connection.reconnect(),
    leave: () => connection.stop(),
    settled: () => connection.settled(),
  },
  clock: systemClock,
  shared: new JsonStorage(() => localStorage),
  tab: new JsonStorage(() => sessionStorage),
});

const today = new Today(systemClock);
const theme = new Theme();
const router = new Router((name) => chat.open(name));

/** @param {string} name */
async function takeName(name) {
  try {
    chat.takeName(await api.takeName(name));
  } catch (error) {
    if (error instanceof api.ApiError) throw error;
    throw new Error('The server cannot be reached. Try again in a moment.');
  }
  connection.start();
}

const app = { chat, connection, today, router, theme, takeName };

router.start();
theme.follow();
theme.apply();
today.start();
followTitle(chat);
followKeyboard();
followAttention({
  onAttention: (attended) => {
    chat.attend(attended);
    if (attended) today.look();
  },
  onPresence: (state) => chat.setPresence(state),
  onWake: (doubt) => connection.wake(doubt),
});
followWidth(() => panel.value && router.closePanel());
listenForShortcuts(app, focusComposer);
chat.observe(() => chat.current && router.correct(chat.current.name));
addEventListener('storage', ({ key }) => JsonStorage.isKey(key, 'reads') && chat.absorbReads());
addEventListener('beforeunload', (event) => {
  if (chat.outbox.waiting) event.preventDefault(); /* asks before what is unsent is lost with this tab */
});

connection.start();
render(
  <ContextProvider value={app}>
    <App />
  </ContextProvider>,
  /** @type {HTMLElement} */ (document.getElementById('app')),
);
