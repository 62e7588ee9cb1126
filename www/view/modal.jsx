/* A dialog about one thing: a room, a message, a person.
 *
 *     showModal(() => <ReportDialog room={room} seq={seq} />)
 *
 * Dialogs without parameters are opened by their name (ui.js). */
import { signal } from '@preact/signals';

/** @type {import('@preact/signals').Signal<{ draw: () => import('preact').VNode, key: number } | null>} */
const shown = signal(null);
let lastKey = 0;

/** @param {() => import('preact').VNode} draw a <Dialog> with closeModal */
export function showModal(draw) {
  shown.value = { draw, key: ++lastKey };
}

export function closeModal() {
  shown.value = null;
}

/** Shows the dialog; used once on the screen. */
export function Modal() {
  const modal = shown.value;
  return modal && <Shown key={modal.key} draw={modal.draw} />;
}

/** @param {{ draw: () => import('preact').VNode }} props */
function Shown({ draw }) {
  return draw();
}
