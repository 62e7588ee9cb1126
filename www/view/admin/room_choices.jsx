/* Choosing several rooms. */
import { useEffect, useState } from 'preact/hooks';
import { hasLetters, roomsToOffer } from '../../model/admin/room_choice.js';
import { Listed, useListing } from '../list.jsx';
import { RoomIcon } from '../room_icon.jsx';
import { SearchField } from '../search_field.jsx';

/** From this many rooms on, there is a search field. */
const MANY = 10;

/** @param {{ chosen: number[], onChange: (rooms: number[]) => void, max: number }} props */
export function RoomChoices({ chosen, onChange, max }) {
  const listing = /** @type {import('../../model/listing.js').Listing<import('../../lib/protocol.js').RoomInfo>} */ (
    useListing({ type: 'rooms', limit: 200 })
  );
  const [query, setQuery] = useState('');
  const offered = roomsToOffer(listing.items);
  const shown = offered.filter(({ id, name }) => chosen.includes(id) || hasLetters(name, query));
  useEffect(() => {
    if (listing.state === 'ready' && listing.hasMore) listing.loadMore();
  }, [listing.state, listing.items]);

  /** @param {number} id @param {boolean} isOn */
  const choose = (id, isOn) => onChange(isOn ? [...chosen, id] : chosen.filter((other) => other !== id));

  if (listing.state === 'ready' && !offered.length) return null;
  return (
    <fieldset class="room-choices">
      <legend class="form__label">Rooms new people join automatically</legend>
      {offered.length > MANY && <SearchField label="Search rooms" onSearch={setQuery} />}
      <Listed of={listing} empty={null}>
        <div class="room-choices__list">
          {shown.map((room) => (
            <label key={room.id} class="form__check room-choices__room">
              <input
                type="checkbox"
                checked={chosen.includes(room.id)}
                disabled={chosen.length >= max && !chosen.includes(room.id)}
                onChange={(event) => choose(room.id, event.currentTarget.checked)}
              />
              <RoomIcon room={room} />
              <bdi>{room.name}</bdi>
            </label>
          ))}
        </div>
      </Listed>
    </fieldset>
  );
}
