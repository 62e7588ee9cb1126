/* A search field: searches a moment after the last key. */
import { useEffect, useRef } from 'preact/hooks';
import { SearchIcon } from './icons.jsx';

const MOMENT_MS = 200;

/** @param {{ label: string, onSearch: (text: string) => void }} props */
export function SearchField({ label, onSearch }) {
  const timer = useRef(/** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined));
  useEffect(() => () => clearTimeout(timer.current), []);

  /** @param {string} text @param {number} delay_ms */
  function search(text, delay_ms) {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onSearch(text.trim()), delay_ms);
  }

  return (
    <label class="search">
      <SearchIcon />
      <span class="visually-hidden">{label}</span>
      <input
        class="field search__field"
        type="search"
        placeholder={label}
        maxLength={64}
        autoComplete="off"
        spellcheck={false}
        onInput={(event) => search(event.currentTarget.value, MOMENT_MS)}
        onKeyDown={(event) => event.key === 'Enter' && !event.isComposing && search(event.currentTarget.value, 0)}
      />
    </label>
  );
}
