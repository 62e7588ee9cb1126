/* When the page is drawn.
 *
 * A busy room changes more often than the screen: what comes from the server is drawn once per frame. That is also after the frame's
 * scroll events, so that the timeline knows where the reader is. What the reader does is drawn before their next key: letters that
 * are typed right after Ctrl+K belong to the field that it opens, and not to what had the focus before. */
import { options } from 'preact';

/** How often a hidden page is drawn, for which the browser makes no frames. */
const HIDDEN_FRAME_MS = 200;

const ACTIONS = ['keydown', 'input', 'change', 'click', 'submit'];

/** What is to be drawn. @type {(() => void) | null} */
let due = null;

function drawDue() {
  const draw = due;
  due = null;
  draw?.();
}

/** Before anything is drawn. */
export function drawByFrame() {
  options.debounceRendering = (draw) => {
    due = draw;
    if (document.hidden) setTimeout(drawDue, HIDDEN_FRAME_MS);
    else requestAnimationFrame(drawDue);
  };
}

/** After everybody else who listens to the window: what they change is drawn, too. */
export function drawAfterActions() {
  for (const action of ACTIONS) addEventListener(action, drawDue);
}
