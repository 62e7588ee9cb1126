/* When the page is drawn.
 *
 * A busy room changes more often than the screen: changes from the server are drawn once per frame, after the frame's
 * scroll events, so that the timeline knows the scroll position. Results of the reader's actions are drawn before their
 * next key: letters typed right after Ctrl+K belong to the field that it opens. */
import { options } from 'preact';

/** How often a hidden page is drawn: browsers make no frames for it. */
const HIDDEN_FRAME_MS = 200;

const ACTIONS = ['keydown', 'input', 'change', 'click', 'submit'];

/** The drawing that is due. @type {(() => void) | null} */
let due = null;

function drawDue() {
  const draw = due;
  due = null;
  draw?.();
}

/** Call it before anything is drawn. */
export function drawByFrame() {
  options.debounceRendering = (draw) => {
    due = draw;
    if (document.hidden) setTimeout(drawDue, HIDDEN_FRAME_MS);
    else requestAnimationFrame(drawDue);
  };
}

/** Call it after all other listeners of the window are added, so that their changes are drawn, too. */
export function drawAfterActions() {
  for (const action of ACTIONS) addEventListener(action, drawDue);
}
