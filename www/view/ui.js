/* What is open on the screen besides the room. */
import { signal } from '@preact/signals';
import { JsonStorage } from '../lib/storage.js';

const storage = new JsonStorage(() => localStorage);
const PEOPLE_KEY = 'people';
/** As in css/layout.css: from here on the people have a column of their own. */
const wide = matchMedia('(min-width: 1000px)');

/** Which dialog is open, by its name; of those that the keyboard or several places open.
 * @type {import('@preact/signals').Signal<string | null>} */
export const dialog = signal(null);

/** What the window is called while a page takes the room's place. @type {import('@preact/signals').Signal<string | null>} */
export const pageTitle = signal(null);

/** Changes every minute, for what is so many minutes ago. */
export const minute = signal(0);
setInterval(() => minute.value++, 60_000);

/** What lies over the room on a narrow screen. @type {import('@preact/signals').Signal<'rooms' | 'people' | null>} */
export const panel = signal(null);

/** The column of people on a wide screen. */
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

/** No mouse: Enter makes a line, and opening a room does not raise the keyboard. */
export const isTouch = matchMedia('(hover: none) and (pointer: coarse)').matches;
