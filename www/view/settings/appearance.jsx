/* Colours: the system's, light or dark. */
import { useApp } from '../context.js';
import { MoonIcon, SunIcon, SystemIcon } from '../icons.jsx';
import { Section } from '../page.jsx';
import { watch } from '../watch.js';

const CHOICES = /** @type {const} */ ([
  { value: 'system', label: 'System default', Icon: SystemIcon },
  { value: 'light', label: 'Light', Icon: SunIcon },
  { value: 'dark', label: 'Dark', Icon: MoonIcon },
]);

export function AppearanceTab() {
  const { theme } = useApp();
  const { choice } = watch(theme);
  return (
    <Section title="Theme" about="In this browser only.">
      <div class="choices" role="radiogroup" aria-label="Theme">
        {CHOICES.map(({ value, label, Icon }) => (
          <label key={value} class={`choices__one ${value === choice ? 'choices__one--chosen' : ''}`}>
            <input
              type="radio"
              name="theme"
              class="visually-hidden"
              checked={value === choice}
              onChange={() => theme.choose(value)}
            />
            <Icon />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </Section>
  );
}
