/* A user's picture, or their initials on their colour. Hidden from screen readers: the name itself stands beside it. */
import { useEffect, useState } from 'preact/hooks';
import { avatarPath } from '../lib/route.js';
import { avatarColour, initials } from '../lib/text.js';
import { useApp } from './context.js';
import { watch } from './watch.js';

/** @param {{ user: import('../lib/protocol.js').PersonInfo, size?: 'tiny' | 'small' | 'usual' | 'large', small?: boolean }} props */
export function Avatar({ user, small = false, size = small ? 'small' : 'usual' }) {
  const { persons } = useApp().chat;
  const person = { ...user, ...watch(persons).of(user) };
  const version = person.avatar ?? 0;
  const [broken, setBroken] = useState(0);
  useEffect(() => persons.wonder(user.id), [user.id]);

  const hasPicture = version > 0 && broken !== version;
  return (
    <span class={`avatar avatar--${hasPicture ? 'pictured' : avatarColour(person)} avatar--${size}`} aria-hidden="true">
      {hasPicture ? (
        <img
          class="avatar__picture"
          src={avatarPath(person.id, version)}
          alt=""
          loading="lazy"
          decoding="async"
          onError={() => setBroken(version)}
        />
      ) : (
        initials(person.display_name || person.name)
      )}
    </span>
  );
}
