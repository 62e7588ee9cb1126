/* Shown over the timeline while the reader scrolls: the day of the messages at the top. */
import { signal } from '@preact/signals';

/** It disappears when the list has not moved for this long. */
const REST_MS = 1_500;

export class ScrolledDay {
  /** null: not shown. @type {import('@preact/signals').Signal<string | null>} */
  shown = signal(null);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;

  /** The reader scrolls. @param {string | null} day null: not shown */
  show(day) {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.rest(), REST_MS);
    this.shown.value = day;
  }

  rest() {
    clearTimeout(this.#rest);
    this.shown.value = null;
  }
}

/** Hidden from screen readers: they read the days in the list. @param {{ of: ScrolledDay }} props */
export function FloatingDay({ of }) {
  const day = of.shown.value;
  return (
    day && (
      <div class="floating-day" aria-hidden="true">
        {day}
      </div>
    )
  );
}
