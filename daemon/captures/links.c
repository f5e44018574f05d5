/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/captures/links.h"

#include "daemon/captures/capture_private.h"
#include "daemon/captures/conversation.h"

#include <string.h>

struct link *links_find(struct capture *c, uint64_t id)
{
	for (size_t i = 0; i < LINKS_MAX; i++) {
		struct link *link = &c->links.all[i];

		if (link->used && link->id == id) {
			link->touched = c->counts.packets;
			return link;
		}
	}
	return NULL;
}

static struct link *make_room(struct capture *c)
{
	struct link *oldest = &c->links.all[0];

	for (size_t i = 0; i < LINKS_MAX; i++) {
		struct link *link = &c->links.all[i];

		if (!link->used)
			return link;
		if (link->touched < oldest->touched)
			oldest = link;
	}
	c->counts.crowd++;
	links_end(c, oldest);
	return oldest;
}

struct link *links_get(struct capture *c, uint64_t id)
{
	struct link *link = links_find(c, id);

	if (link)
		return link;
	link = make_room(c);
	memset(link, 0, sizeof(*link));
	link->used = true;
	link->id = id;
	link->touched = c->counts.packets;
	return link;
}

struct link *links_begin(struct capture *c, uint64_t id)
{
	struct link *link = links_find(c, id);

	if (link)
		links_end(c, link);
	return links_get(c, id);
}

static void tell_lost(struct capture *c, struct link *link)
{
	for (size_t side = 0; side < LINK_SIDES; side++) {
		for (size_t kind = 0; kind < SERVER_KINDS; kind++) {
			if (link->live[side][kind])
				server_link(c, link->servers[side], (enum source_device)kind,
				            DISPLAY_LINK_LOST);
		}
	}
}

void links_end(struct capture *c, struct link *link)
{
	conversation_end(c, link);
	tell_lost(c, link);
	link->used = false;
}

/* The capture is over, not the connection: nobody is lost. */
void links_end_all(struct capture *c)
{
	for (size_t i = 0; i < LINKS_MAX; i++) {
		if (c->links.all[i].used)
			conversation_end(c, &c->links.all[i]);
		c->links.all[i].used = false;
	}
}

static bool is_at(const struct link *link, enum link_side side,
                  const struct le_address *address)
{
	return link->has_address[side] && le_address_equal(&link->address[side], address);
}

void links_anew(struct capture *c, const struct le_address *central,
                const struct le_address *peripheral)
{
	for (size_t i = 0; i < LINKS_MAX; i++) {
		struct link *link = &c->links.all[i];

		if (link->used && is_at(link, LINK_CENTRAL, central) &&
		    is_at(link, LINK_PERIPHERAL, peripheral))
			links_end(c, link);
	}
}
