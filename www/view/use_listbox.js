/* A combobox with a list of options, as the ARIA Authoring Practices describe it: the focus stays in the field,
 * aria-activedescendant names the active option, the arrow keys and the pointer change which one that is, and Enter or a click
 * picks it. */
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { commandOf } from '../lib/listbox.js';

/**
 * @template Option
 * @typedef {object} Listbox
 * @property {Option | undefined} active
 * @property {() => void} reset the first option is active again: for whenever the text changes
 * @property {(event: KeyboardEvent & { currentTarget: HTMLInputElement }) => void} onKeyDown of the field
 * @property {object} field further attributes of the field
 * @property {object} list attributes of the list
 * @property {(option: Option, index: number) => object} optionProps attributes of an option
 */

/**
 * @template Option
 * @param {object} props
 * @param {readonly Option[]} props.options in the order shown
 * @param {(option: Option) => string | number} props.keyOf unique among them
 * @param {(option: Option) => void} props.onPick
 * @param {string | null} props.answered the text, trimmed, that the options are for; null: they have not come yet
 * @param {boolean} [props.isOpen] the list is shown; without this one, it always is
 * @param {() => void} [props.onOpen] an arrow key asks for the list
 * @param {() => void} [props.onClose] Escape; without this one, Escape is left to what is around the field
 * @returns {Listbox<Option>}
 */
export function useListbox({ options, keyOf, onPick, answered, isOpen = true, onOpen, onClose }) {
  const id = useId();
  const [at, setAt] = useState(0);
  /** Enter was pressed before there were the options of this text. @type {{ current: string | null }} */
  const hasty = useRef(null);
  const index = Math.min(at, options.length - 1);
  const active = options[index];
  const idOf = (/** @type {Option} */ option) => `${id}-${keyOf(option)}`;
  const activeId = active && isOpen ? idOf(active) : undefined;

  useLayoutEffect(() => {
    if (hasty.current === null || hasty.current !== answered) return;
    hasty.current = null;
    if (options.length) onPick(options[0]);
  });
  useEffect(() => {
    if (activeId) document.getElementById(activeId)?.scrollIntoView({ block: 'nearest' });
  }, [activeId]);

  /** @param {KeyboardEvent & { currentTarget: HTMLInputElement }} event */
  function onKeyDown(event) {
    if (event.isComposing) return;
    const text = event.currentTarget.value.trim();
    const command = commandOf(event.key, {
      isOpen,
      active: index,
      count: options.length,
      isAnswered: text === answered,
    });
    if (command === null || (command === 'close' && !onClose) || (command === 'open' && !onOpen)) return;
    if (command === 'close') onClose?.();
    else if (command === 'open') onOpen?.();
    else if (command === 'wait') hasty.current = text;
    else if (command === 'pick') active && onPick(active);
    else setAt(command.to);
    event.preventDefault();
  }

  return {
    active,
    reset() {
      setAt(0);
      hasty.current = null;
    },
    onKeyDown,
    field: {
      role: 'combobox',
      'aria-autocomplete': 'list',
      'aria-expanded': isOpen && options.length > 0,
      'aria-controls': `${id}-list`,
      'aria-activedescendant': activeId,
      autoComplete: 'off',
      spellcheck: false,
    },
    list: { id: `${id}-list`, role: 'listbox' },
    optionProps: (option, place) => ({
      id: idOf(option),
      role: 'option',
      'aria-selected': place === index,
      onPointerMove: () => place !== index && setAt(place),
      onClick: () => onPick(option),
    }),
  };
}
