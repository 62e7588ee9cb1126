/* profile.h - what people say about themselves: the part of it that the submit half needs, too. Any thread. */
#ifndef HUBBUB_CHAT_PROFILE_H
#define HUBBUB_CHAT_PROFILE_H

#include "base/span.h"

enum { PROFILE_AVATAR_MAX = 65536 };

/* The media type of a picture, by its first bytes; empty: no PNG, JPEG or WebP. */
struct span profile_picture_type(struct span bytes);

#endif
