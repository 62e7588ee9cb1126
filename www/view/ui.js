/* What is open besides the room: dialogs, panels, the people column. */
import { signal } from '@preact/signals';
import { JsonStorage } from '../lib/storage.js';

const storage = new JsonStorage(() => localStorage);
const PEOPLE_KEY = 'people';
/** As in css/layout.css: from this width on, the people have a column. */
const wide = matchMedia('(min-width: 1000px)');

/** The name of the open dialog; for dialogs that the keyboard or several buttons open.
 * @type {import('@preact/signals').Signal<string | null>} */
export const dialog = signal(null);

/**
 * The window's title while a page is shown instead of a room.
 * @type {import('@preact/signals').Signal<string | null>}
 */
export const pageTitle = signal(null);

/** Changes every minute, for relative times. */
export const minute = signal(0);
setInterval(() => minute.value++, 60_000);

/** The panel over the room on a narrow screen. @type {import('@preact/signals').Signal<'rooms' | 'people' | null>} */
export const panel = signal(null);

/** Whether the column of people is shown on a wide screen. */
export const peopleColumn = signal(storage.read(PEOPLE_KEY) !== false);

export const isWide = signal(wide.matches);

/** @param {() => void} onChange */
export function followWidth(onChange) {
  wide.addEventListener('change', () => {
    isWide.value = wide.matches;
    onChange();
  });
}

export function togglePeopleColumn() {
  peopleColumn.value = !peopleColumn.value;
  storage.write(PEOPLE_KEY, peopleColumn.value);
}

/** A touch screen without a mouse: Enter makes a new line, and opening a room does not raise the keyboard. */
export const isTouch = matchMedia('(hover: none) and (pointer: coarse)').matches;
