/* The user's profile: picture, name, bio, status. */
import { said } from '../../lib/said.js';
import { checkDisplayName } from '../../model/form.js';
import { useApp } from '../context.js';
import { Form, TextField } from '../form.jsx';
import { Section } from '../page.jsx';
import { Loading, Problem } from '../states.jsx';
import { useQuery } from '../use_query.js';
import { watch } from '../watch.js';
import { AvatarEditor } from './avatar_editor.jsx';
import { StatusForm } from './status.jsx';

export function ProfileTab() {
  const { request, chat } = useApp();
  const { me } = watch(chat);
  const id = me?.id ?? 0;
  /* Only this request gives the bio. */
  const { answer, problem, retry } = useQuery(() => request({ type: 'person', user: id }), [id]);
  if (!me) return null;
  if (problem) return <Problem message={problem} onRetry={retry} />;
  if (!answer) return <Loading />;
  return (
    <>
      <Section title="Picture">
        <AvatarEditor />
      </Section>
      <Section title="About you">
        <Form
          action="Save"
          done="Saved."
          fieldOf={{ invalid: 'display_name' }}
          onSubmit={({ display_name, bio }) => request({ type: 'set_profile', display_name, bio })}
        >
          <TextField
            name="display_name"
            label="Display name"
            hint={said`Leave empty to use ${me.name}.`}
            value={me.display_name ?? ''}
            check={checkDisplayName}
            autoComplete="name"
            autoCapitalize="words"
          />
          <TextField name="bio" label="About you" value={answer.person.bio ?? ''} rows={3} maxBytes={2000} />
        </Form>
      </Section>
      <Section title="Status" about="Shown next to your name.">
        <StatusForm />
      </Section>
    </>
  );
}
