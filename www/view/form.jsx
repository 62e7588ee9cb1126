/* A form: labelled fields, their problems beside them, and a button that is busy until the server answers.
 *
 *     <Form action="Save" done="Saved." fieldOf={{ name_taken: 'name' }} onSubmit={({ name }) => request({ type: 'rename', name })}>
 *       <TextField name="name" label="User name" value={me.name} missing="Enter a name." check={checkUserName} />
 *     </Form>
 *
 * The form sends the values that the fields have at that moment, not those of the last drawing: fast writers and
 * password managers change fields between two drawings. So the fields keep their own values; `value` is only the
 * initial one. All problems are shown at once, and the first field with one gets the focus. A refusal of the server is
 * shown at the fields that it names, or at the one that `fieldOf` gives for its code, or else above the button. */
import { createContext } from 'preact';
import { useContext, useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { problemsIn, problemsOf } from '../model/form.js';
import { HideIcon, ShowIcon } from './icons.jsx';

/** @typedef {import('../model/form.js').FieldRule} FieldRule */
/** @typedef {import('../model/form.js').Problem} Problem */

/**
 * @typedef {object} FormContext
 * @property {Problem[]} problems
 * @property {(name: string, rule: FieldRule & { keepsSpace?: boolean }) => void} register at each drawing
 * @property {(name: string) => void} forget
 * @property {(name: string) => void} touched the field has changed: its problem can be gone
 */

const Context = createContext(/** @type {FormContext | null} */ (null));

function useForm() {
  const form = useContext(Context);
  if (!form) throw new Error('a field outside of a form');
  return form;
}

/**
 * @param {object} props
 * @param {(values: any) => unknown} props.onSubmit gets what stands in the fields by name, text without white space around it;
 *   rejects with whatever lib/refusal.js understands
 * @param {string} props.action the button
 * @param {string} [props.done] shown when it has worked
 * @param {import('../model/form.js').FieldOf} [props.fieldOf] which field a refusal belongs to
 * @param {boolean} [props.danger] it cannot be undone
 * @param {boolean} [props.resets] resets the fields when it has worked
 * @param {import('preact').ComponentChildren} [props.aside] beside the button
 * @param {string} [props.class]
 * @param {import('preact').ComponentChildren} props.children
 */
export function Form({
  onSubmit,
  action,
  done,
  fieldOf = {},
  danger = false,
  resets = false,
  aside,
  class: kind = '',
  children,
}) {
  const element = useRef(/** @type {HTMLFormElement | null} */ (null));
  const rules = useRef(/** @type {Map<string, FieldRule & { keepsSpace?: boolean }>} */ (new Map()));
  const [problems, setProblems] = useState(/** @type {Problem[]} */ ([]));
  /** Set when the form is sent: the first field with a problem takes the focus once, not again when another field is
   * corrected. */
  const seeks = useRef(false);
  const [busy, setBusy] = useState(false);
  const [isDone, setDone] = useState(false);
  const isThere = useRef(true);
  const problemId = useId();
  useEffect(() => () => void (isThere.current = false), []);

  /* After the text that a screen reader reads with the field is in the document. */
  useLayoutEffect(() => {
    const first = problems.find(({ field }) => field);
    if (!first?.field || !seeks.current) return;
    seeks.current = false;
    const field = element.current?.elements.namedItem(first.field);
    if (!(field instanceof HTMLElement)) return;
    field.focus();
    if (field instanceof HTMLInputElement && field.type !== 'checkbox') field.select();
  }, [problems]);

  function read() {
    /** @type {import('../model/form.js').Values} */
    const values = {};
    for (const [name, { keepsSpace }] of rules.current) {
      const field = /** @type {HTMLInputElement | null} */ (element.current?.elements.namedItem(name));
      if (!field) continue;
      if (field.type === 'checkbox') values[name] = field.checked;
      else values[name] = keepsSpace ? field.value : field.value.trim();
    }
    return values;
  }

  /** @param {Problem[]} found */
  function tell(found) {
    seeks.current = found.length > 0;
    setProblems(found);
  }

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    if (busy) return;
    const values = read();
    setDone(false);
    const found = problemsIn(rules.current, values);
    tell(found);
    if (found.length) return;
    setBusy(true);
    try {
      await onSubmit(values);
      if (!isThere.current) return;
      setBusy(false);
      setDone(true);
      if (resets) element.current?.reset();
    } catch (error) {
      if (!isThere.current) return;
      setBusy(false);
      tell(problemsOf(error, fieldOf, (field) => rules.current.has(field)));
    }
  }

  /** @type {FormContext} */
  const context = {
    problems,
    register: (name, rule) => void rules.current.set(name, rule),
    forget: (name) => void rules.current.delete(name),
    touched: (name) => {
      if (problems.some(({ field }) => field === name)) setProblems(problems.filter(({ field }) => field !== name));
      if (isDone) setDone(false);
    },
  };

  return (
    <form ref={element} class={`form ${kind}`} onSubmit={submit} noValidate aria-describedby={problemId}>
      <Context.Provider value={context}>{children}</Context.Provider>
      <p id={problemId} class="form__problem" role="alert">
        {problems.find(({ field }) => !field)?.message}
      </p>
      <div class="form__actions">
        <button type="submit" class={`button ${danger ? 'button--danger' : 'button--primary'}`} aria-disabled={busy}>
          {busy ? 'Please wait…' : action}
        </button>
        <span class="form__done" role="status">
          {isDone && done}
        </span>
        {aside}
      </div>
    </form>
  );
}

/**
 * Properties of all fields.
 * @typedef {object} Common
 * @property {string} name
 * @property {string} label
 * @property {import('preact').ComponentChildren} [hint] shown before there is a problem
 */

/**
 * The label, the hint and the problem around a field.
 * @param {Common & { id: string, children: import('preact').ComponentChildren }} props
 */
function Row({ id, name, label, hint, children }) {
  return (
    <div class="form__row">
      <label class="form__label" for={id}>
        {label}
      </label>
      {children}
      <Words id={id} name={name} hint={hint} />
    </div>
  );
}

/**
 * The hint and the problem under a field.
 * @param {{ id: string, name: string, hint: import('preact').ComponentChildren }} props
 */
function Words({ id, name, hint }) {
  const { problems } = useForm();
  return (
    <>
      {hint && (
        <p class="form__hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <p class="form__problem" id={`${id}-problem`} role="alert">
        {problems.find(({ field }) => field === name)?.message}
      </p>
    </>
  );
}

/**
 * Makes a field known to its form.
 * @param {string} name
 * @param {FieldRule & { keepsSpace?: boolean }} rule
 * @param {unknown} hint
 */
function useField(name, rule, hint) {
  const form = useForm();
  const id = useId();
  form.register(name, rule);
  useEffect(() => () => form.forget(name), [name]);
  return {
    id,
    name,
    onInput: () => form.touched(name),
    'aria-invalid': form.problems.some(({ field }) => field === name) ? /** @type {const} */ ('true') : undefined,
    'aria-describedby': `${hint ? `${id}-hint ` : ''}${id}-problem`,
  };
}

/**
 * @param {Common & FieldRule & {
 *   value?: string, rows?: number, maxLength?: number, placeholder?: string, autoFocus?: boolean,
 *   autoComplete?: string, autoCapitalize?: 'none' | 'words' | 'sentences', inputMode?: 'numeric' | 'text' | 'search',
 *   spellcheck?: boolean, dir?: 'auto' | 'ltr',
 *   onChange?: (value: string) => void }} props `value`: the initial value; `rows`: several lines
 */
export function TextField({
  name,
  label,
  hint,
  missing,
  maxBytes,
  check,
  value = '',
  rows,
  autoFocus,
  onChange,
  dir = 'auto',
  ...rest
}) {
  const { onInput, ...field } = useField(name, { missing, maxBytes, check }, hint);
  const element = useRef(/** @type {any} */ (null));
  useAutoFocus(element, autoFocus);
  const shared = {
    ...field,
    ...rest,
    dir,
    class: 'field',
    defaultValue: value,
    ref: element,
    'aria-required': missing ? /** @type {const} */ ('true') : undefined,
    onInput: (/** @type {{ currentTarget: { value: string } }} */ { currentTarget }) => {
      onInput();
      onChange?.(currentTarget.value);
    },
  };
  return (
    <Row id={field.id} name={name} label={label} hint={hint}>
      {rows ? <textarea {...shared} rows={rows} /> : <input {...shared} />}
    </Row>
  );
}

/**
 * @param {Common & FieldRule & { autoComplete: 'current-password' | 'new-password', autoFocus?: boolean }} props
 */
export function PasswordField({ name, label, hint, missing = 'Enter the password.', check, autoComplete, autoFocus }) {
  const { onInput, ...field } = useField(name, { missing, maxBytes: 1024, check, keepsSpace: true }, hint);
  const [shown, setShown] = useState(false);
  const element = useRef(/** @type {HTMLInputElement | null} */ (null));
  useAutoFocus(element, autoFocus);
  return (
    <Row id={field.id} name={name} label={label} hint={hint}>
      <span class="password">
        <input
          {...field}
          ref={element}
          class="field"
          type={/** @type {'password'} */ (shown ? 'text' : 'password')}
          autoComplete={autoComplete}
          autoCapitalize="none"
          spellcheck={false}
          aria-required="true"
          onInput={onInput}
        />
        <button
          type="button"
          class="icon-button password__show"
          aria-pressed={shown}
          title={shown ? 'Hide the password' : 'Show the password'}
          onClick={() => setShown(!shown)}
        >
          {shown ? <HideIcon /> : <ShowIcon />}
          <span class="visually-hidden">Show the password</span>
        </button>
      </span>
    </Row>
  );
}

/**
 * @param {Common & { options: { value: string, label: string }[], value?: string, onChange?: (value: string) => void }} props
 */
export function SelectField({ name, label, hint, options, value, onChange }) {
  const { onInput, ...field } = useField(name, {}, hint);
  return (
    <Row id={field.id} name={name} label={label} hint={hint}>
      <select
        {...field}
        class="field field--select"
        onInput={(event) => {
          onInput();
          onChange?.(event.currentTarget.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </Row>
  );
}

/**
 * A choice of a few options, each with a sentence about it.
 * @param {Common & { options: { value: string, label: string, about?: string }[], value?: string, onChange?: (value: string) => void }} props
 */
export function ChoiceField({ name, label, hint, options, value, onChange }) {
  const { id, onInput, 'aria-describedby': describedBy, 'aria-invalid': _, ...field } = useField(name, {}, hint);
  return (
    <fieldset class="form__row form__choices" aria-describedby={describedBy}>
      <legend class="form__label">{label}</legend>
      {options.map((option) => (
        <label key={option.value} class="form__choice">
          <input
            {...field}
            type="radio"
            value={option.value}
            defaultChecked={option.value === value}
            onInput={() => {
              onInput();
              onChange?.(option.value);
            }}
          />
          <span>
            <b>{option.label}</b>
            {option.about && <span class="form__about">{option.about}</span>}
          </span>
        </label>
      ))}
      <Words id={id} name={name} hint={hint} />
    </fieldset>
  );
}

/** @param {Common & { value?: boolean }} props */
export function Checkbox({ name, label, hint, value = false }) {
  const { id, ...field } = useField(name, {}, hint);
  return (
    <div class="form__row">
      <label class="form__check">
        <input {...field} id={id} type="checkbox" defaultChecked={value} />
        <span>{label}</span>
      </label>
      {hint && (
        <p class="form__hint form__hint--check" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/**
 * Focuses the element: the attribute alone works only while a document loads.
 * @param {{ current: HTMLElement | null }} element
 * @param {boolean | undefined} wanted
 */
function useAutoFocus(element, wanted) {
  useEffect(() => {
    if (wanted) element.current?.focus({ preventScroll: true });
  }, []);
}
