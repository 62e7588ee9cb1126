/* Over the top of the timeline while one scrolls: the day of what is there. */
import { signal } from '@preact/signals';

/** It goes away when the list has rested for so long. */
const REST_MS = 1_500;

export class ScrolledDay {
  /** null: not shown. @type {import('@preact/signals').Signal<string | null>} */
  shown = signal(null);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;

  /** The reader scrolls. @param {string | null} day null: there is no need to say it */
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

/** Screen readers read the days in the list. @param {{ of: ScrolledDay }} props */
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
