/* Handles the events of a room: they change its timeline, its unread count, who is typing, and the outbox. */

/** @typedef {import('../lib/protocol.js').RoomEvent} RoomEvent */

export class Arrivals {
  #chat;
  #clock;
  #onProgress;

  /**
   * @param {object} needs
   * @param {import('./chat.js').Chat} needs.chat
   * @param {import('../lib/clock.js').Clock} needs.clock
   * @param {() => void} needs.onProgress a room may have caught up
   */
  constructor({ chat, clock, onProgress }) {
    this.#chat = chat;
    this.#clock = clock;
    this.#onProgress = onProgress;
  }

  /** @param {RoomEvent} event */
  event(event) {
    const { rooms, me, blocked, outbox, persons, memberships, following, visit, attended } = this.#chat;
    const room = rooms.get(event.room);
    if (!room || !(room.joined || room.joining)) return;
    const author = 'author' in event ? event.author : event.actor;
    const isMessage = event.type === 'message';
    const isOwn = isMessage && author.id === me?.id;
    const isMention = isMessage && !blocked.has(author.id) && room.isMention(event.body);
    const outcome = room.receive(event, { isOwn, isMention });
    if (outcome === 'gap') return void following.closeGap(room);
    if (isOwn && event.id !== undefined) outbox.arrived((item) => item.id === event.id);
    if (outcome === 'duplicate') return;
    persons.mention(author);
    if ('user' in event) persons.mention(event.user);
    if (isMessage) {
      room.typing.stopped(persons.nameOf(author));
      /* When the reader comes back to the window, there is a line where they left. */
      if (room === visit.current && !attended) room.divideMissed();
    }
    memberships.happened(room, event);
    if (room === visit.current) visit.rename();
    this.#onProgress();
  }

  /**
   * The server skips events and does not send them one by one.
   * @param {number} id
   * @param {number} lastSeq
   */
  reset(id, lastSeq) {
    const { rooms, outbox, pager, visit } = this.#chat;
    const room = rooms.get(id);
    if (!room) return;
    /* The open room keeps its position and is loaded again; other rooms forget all events. */
    if (room === visit.current && lastSeq >= room.timeline.lastSeq) {
      room.skipTo(lastSeq);
      pager.skipped(room);
    } else {
      room.begin(lastSeq);
      if (room === visit.current) pager.open(room);
    }
    outbox.arrived((item) => item.room === id && item.seq !== null && item.seq <= lastSeq);
    this.#onProgress();
  }

  /** @param {import('../lib/protocol.js').Ack} ack of something that was sent */
  acknowledge({ id, room: roomId, seq }) {
    const { rooms, outbox } = this.#chat;
    const room = rooms.get(roomId ?? 0);
    if (seq === undefined) return;
    /* No event will come if the timeline is already past it, or if we do not follow the room. */
    outbox.acknowledge(id, seq, !room?.joined || seq <= room.timeline.lastSeq);
  }

  /** @param {import('../lib/protocol.js').Refusal} refusal of something that was sent */
  refuse({ id, code, message, retry_after_ms }) {
    const { rooms, outbox } = this.#chat;
    if (id === undefined) {
      if (code === 'invalid_json') outbox.refuseCurrent(code, message);
      return;
    }
    const room = rooms.get(outbox.find(id)?.room ?? 0);
    if (code === 'muted') room?.become({ silencedUntil: this.#clock.now() + (retry_after_ms ?? 0) });
    const isSlow = code === 'rate_limited' && room !== undefined && room.slowSeconds > 0;
    outbox.refuse(id, code, message, retry_after_ms, { isSlow });
  }
}
