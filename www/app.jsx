/* The whole page: creates its parts and connects them. */
import { render } from 'preact';
import { systemClock } from './lib/clock.js';
import { roomRoute } from './lib/route.js';
import { JsonStorage } from './lib/storage.js';
import { WaitingReports } from './model/admin/waiting.js';
import { Chat } from './model/chat.js';
import { DayClock } from './model/day_clock.js';
import { Identity } from './model/identity.js';
import * as api from './net/api.js';
import { Connection } from './net/connection.js';
import { App } from './view/app.jsx';
import { ContextProvider } from './view/context.js';
import { copyMessages } from './view/copy_messages.js';
import { drawAfterActions, drawByFrame } from './view/drawing.js';
import { Router } from './view/router.js';
import { listenForShortcuts } from './view/shortcuts.js';
import { Theme } from './view/theme.js';
import { focusComposer } from './view/timeline/row_keys.js';
import { followWidth, panel } from './view/ui.js';
import { followAttention, followKeyboard, followTitle } from './view/window.js';

drawByFrame();

/** The page is about to reload because someone else has signed in: nothing unsent of theirs can be lost. */
let restarting = false;

const shared = new JsonStorage(() => localStorage);
const tab = new JsonStorage(() => sessionStorage);

const connection = new Connection({
  open: () => new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`, 'hubbub.v1'),
  identify: () => identity.identify(),
  onEnded: (why) => identity.ended(why),
  onFrame(frame) {
    chat.receive(frame);
    reports.receive(frame);
  },
  onDown: (cause) => chat.disconnected(cause),
  clock: systemClock,
  random: Math.random,
});

const chat = new Chat({
  port: {
    send: (frame) => connection.send(frame),
    request: (frame) => connection.request(frame),
    reconnect: () => connection.reconnect(),
    recheckIdentity: () => identity.recheckIdentity(),
    settled: () => connection.settled(),
  },
  clock: systemClock,
  shared,
  tab,
});

const identity = new Identity({
  api,
  shared,
  tab,
  onUser: (user) => chat.enter(user),
  forget: (where) => chat.forget(where),
  connect: (known) => connection.start(known),
  disconnect: () => connection.stop(),
  restart() {
    restarting = true;
    location.assign('/');
  },
});

const reports = new WaitingReports();

const dayClock = new DayClock(systemClock);
const theme = new Theme();
const router = new Router((wanted, seq, id) => chat.open(wanted, seq, id));

/** @type {import('./view/context.js').AppContext} */
const app = {
  chat,
  connection,
  identity,
  api,
  request: (frame) => connection.requestWhenOpen(frame),
  reports,
  dayClock,
  router,
  theme,
};

router.start();
theme.follow();
theme.apply();
dayClock.start();
followTitle(chat, identity);
followKeyboard();
followAttention({
  onAttention: (attended) => {
    chat.attend(attended);
    if (attended) dayClock.look();
  },
  onPresence: (state) => chat.setPresence(state),
  onWake: (doubt) => connection.wake(doubt),
});
followWidth(() => panel.value && router.closePanel());
listenForShortcuts(app, focusComposer);
drawAfterActions();
/* Asking who we are renews the session's cookie: without this, a page that stays open for a month would be signed out. */
dayClock.observe(() => identity.state === 'account' && api.me().catch(() => null));
chat.observe(() => chat.current && router.correct(roomRoute(chat.current)));
addEventListener('copy', copyMessages);
addEventListener('storage', ({ key }) => {
  if (JsonStorage.isKey(key, 'reads')) chat.absorbReads();
  if (JsonStorage.isKey(key, 'drafts')) chat.drafts.absorb();
  if (Identity.isOwner(key) && !identity.isKnown) connection.start(); /* signed in, in another tab */
});
addEventListener('beforeunload', (event) => {
  if (chat.outbox.waiting && !restarting)
    event.preventDefault(); /* asks before unsent messages are lost with this tab */
});

connection.start();
render(
  <ContextProvider value={app}>
    <App />
  </ContextProvider>,
  /** @type {HTMLElement} */ (document.getElementById('app')),
);
