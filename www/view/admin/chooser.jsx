/* A field for choosing one of many by a few letters of the name; the options are loaded while typing. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { reasonOf } from '../../lib/refusal.js';
import { Avatar } from '../avatar.jsx';
import { useApp } from '../context.js';
import { CloseIcon } from '../icons.jsx';
import { useListbox } from '../use_listbox.js';

const MOMENT_MS = 150;
const SHOWN_MAX = 8;

/** @typedef {{ id: number, label: string, note?: string, icon?: import('preact').ComponentChildren }} Option */

/**
 * @template {{ id: number }} Thing
 * @param {object} props
 * @param {string} props.label
 * @param {string} props.placeholder shown while nothing is chosen
 * @param {Thing | null} props.value
 * @param {(thing: Thing) => Option} props.optionOf
 * @param {(text: string) => Promise<Thing[]>} props.search "": the first ones
 * @param {(thing: Thing | null) => void} props.onPick
 */
function Chooser({ label, placeholder, value, optionOf, search, onPick }) {
  const id = useId();
  const chosen = value ? optionOf(value).label : '';
  const [text, setText] = useState(chosen);
  const [isOpen, setOpen] = useState(false);
  /** The last search: it differs from the text of the field when that is the name of the choice. */
  const [wanted, setWanted] = useState('');
  const [found, setFound] = useState({ text: '', things: /** @type {Thing[] | null} */ (null), problem: '' });
  const turn = useRef(0);
  const timer = useRef(/** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined));

  const things = found.things ?? [];
  const listbox = useListbox({
    options: things,
    keyOf: (thing) => thing.id,
    onPick: pick,
    answered: found.things && found.text === wanted ? text.trim() : null,
    isOpen,
    onOpen: () => look('', 0),
    onClose: close,
  });

  useEffect(() => setText(chosen), [chosen]);
  useEffect(
    () => () => {
      turn.current++;
      clearTimeout(timer.current);
    },
    [],
  );

  /** @param {string} query @param {number} delay_ms */
  function look(query, delay_ms) {
    const mine = ++turn.current;
    setOpen(true);
    setWanted(query);
    listbox.reset();
    clearTimeout(timer.current);
    timer.current = setTimeout(async () => {
      let things = /** @type {Thing[] | null} */ (null);
      let problem = '';
      try {
        things = (await search(query)).slice(0, SHOWN_MAX);
      } catch (error) {
        problem = reasonOf(error).message;
      }
      if (mine === turn.current) setFound({ text: query, things, problem });
    }, delay_ms);
  }

  function close() {
    turn.current++;
    listbox.reset();
    setOpen(false);
    setFound({ text: '', things: null, problem: '' });
    setText(chosen);
  }

  /** @param {Thing | null} thing */
  function pick(thing) {
    close();
    setText(thing ? optionOf(thing).label : '');
    onPick(thing);
  }

  return (
    <div class="chooser">
      <label class="form__label" for={id}>
        {label}
      </label>
      <div class="chooser__field">
        <input
          {...listbox.field}
          id={id}
          class="field"
          placeholder={placeholder}
          value={text}
          onInput={({ currentTarget }) => {
            setText(currentTarget.value);
            look(currentTarget.value.trim(), MOMENT_MS);
          }}
          onFocus={({ currentTarget }) => currentTarget.select()}
          onClick={() => !isOpen && look('', 0)}
          onKeyDown={listbox.onKeyDown}
          onBlur={close}
        />
        {value && (
          <button type="button" class="icon-button chooser__clear" onClick={() => pick(null)}>
            <CloseIcon />
            <span class="visually-hidden">
              {label}: {placeholder}
            </span>
          </button>
        )}
      </div>
      <ul {...listbox.list} class="chooser__list" aria-label={label} hidden={!isOpen || !things.length}>
        {things.map((thing, at) => {
          const { label: name, note, icon } = optionOf(thing);
          return (
            <li
              key={thing.id}
              {...listbox.optionProps(thing, at)}
              class="chooser__option"
              onPointerDown={(event) => event.preventDefault() /* the field keeps the focus */}
            >
              {icon}
              <bdi class="chooser__name">{name}</bdi>
              {note && <bdi class="quiet">@{note}</bdi>}
            </li>
          );
        })}
      </ul>
      <p class="chooser__none" role="status">
        {isOpen && (found.problem || (found.things?.length === 0 && 'No matches.'))}
      </p>
    </div>
  );
}

/** @typedef {import('../../lib/protocol.js').PersonInfo} PersonInfo */

/** The command line, which acts as the user with the id 0. @type {PersonInfo} */
const COMMAND_LINE = { id: 0, name: 'Command line' };

/**
 * @param {object} props
 * @param {string} props.label
 * @param {PersonInfo | null} props.value
 * @param {(person: PersonInfo | null) => void} props.onPick
 * @param {boolean} [props.withSystem] the command line can be chosen
 */
export function PersonChooser({ withSystem = false, ...rest }) {
  const { request, chat } = useApp();
  return (
    <Chooser
      {...rest}
      placeholder="Anyone"
      optionOf={(person) => {
        const label = person.id ? chat.persons.nameOf(person) : person.name;
        const { name } = chat.persons.of(person);
        return {
          id: person.id,
          label,
          note: label === name ? '' : name,
          icon: person.id ? <Avatar user={person} small /> : undefined,
        };
      }}
      search={async (query) => {
        const { people } = await request({ type: 'people', ...(query && { query }), limit: SHOWN_MAX });
        chat.persons.learn(...people);
        const isMeant = withSystem && COMMAND_LINE.name.toLowerCase().includes(query.toLowerCase());
        return isMeant ? [COMMAND_LINE, ...people] : people;
      }}
    />
  );
}

/**
 * @param {object} props
 * @param {string} props.label
 * @param {{ id: number, name: string } | null} props.value
 * @param {(room: { id: number, name: string } | null) => void} props.onPick
 */
export function RoomChooser(props) {
  const { request, chat } = useApp();
  return (
    <Chooser
      {...props}
      placeholder="Any room"
      optionOf={({ id, name }) => ({ id, label: name })}
      search={async (query) => {
        const { rooms } = await request({ type: 'rooms', ...(query && { query }), limit: SHOWN_MAX });
        /* Private rooms are not listed, so the reader's own are added. */
        const closed = [...chat.rooms.values()].filter(
          ({ kind, name }) => kind === 'closed' && name.toLowerCase().includes(query.toLowerCase()),
        );
        return [...rooms, ...closed].map(({ id, name }) => ({ id, name }));
      }}
    />
  );
}
