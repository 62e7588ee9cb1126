/* User name, password, second factor. */
import { checkPassword, checkUserName, PASSWORD_RULE } from '../../model/form.js';
import { useApp } from '../context.js';
import { Form, PasswordField, TextField } from '../form.jsx';
import { useSignOut } from '../me_menu.jsx';
import { Section } from '../page.jsx';
import { watch } from '../watch.js';
import { SecondFactor } from './second_factor.jsx';

export function AccountTab() {
  const { api, request, chat } = useApp();
  const me = /** @type {import('../../lib/protocol.js').PersonInfo} */ (watch(chat).me);
  const signOut = useSignOut();
  return (
    <>
      <Section title="Username" about="Used to sign in and to @mention you. Your messages stay yours.">
        <Form
          action="Change username"
          done="Username changed."
          fieldOf={{ name_taken: 'name', invalid: 'name' }}
          onSubmit={({ name }) => request({ type: 'rename', name })}
        >
          <TextField
            name="name"
            label="Username"
            value={me.name}
            missing="Enter a username."
            check={checkUserName}
            autoComplete="username"
            autoCapitalize="none"
            spellcheck={false}
          />
        </Form>
      </Section>
      <Section title="Password" about="Changing it signs out all your other devices.">
        <Form
          action="Change password"
          done="Password changed. Your other devices were signed out."
          fieldOf={{ wrong_password: 'current', invalid: 'password' }}
          resets
          onSubmit={({ current, password }) => api.setPassword({ current, password })}
        >
          {/* Tells a password manager which account it is. */}
          <input
            class="visually-hidden"
            type="text"
            autoComplete="username"
            value={me.name}
            readOnly
            tabIndex={-1}
            aria-hidden="true"
          />
          <PasswordField
            name="current"
            label="Current password"
            missing="Enter your current password."
            autoComplete="current-password"
          />
          <PasswordField
            name="password"
            label="New password"
            hint={PASSWORD_RULE}
            missing="Choose a password."
            check={(password, values) => checkPassword(password, { ...values, name: me.name })}
            autoComplete="new-password"
          />
        </Form>
      </Section>
      <SecondFactor />
      <Section title="Sign out" about="On this device.">
        <button type="button" class="button" onClick={signOut}>
          Sign out
        </button>
      </Section>
    </>
  );
}
