/* A dialog about something in particular: a room, a message, a person.
 *
 *     showModal(() => <ReportDialog room={room} seq={seq} />)
 *
 * Those that need nothing to be told go by their name (ui.js). */
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

/** Where it appears; once on the screen. */
export function Modal() {
  const modal = shown.value;
  return modal && <Shown key={modal.key} draw={modal.draw} />;
}

/** @param {{ draw: () => import('preact').VNode }} props */
function Shown({ draw }) {
  return draw();
}
