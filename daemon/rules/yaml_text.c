/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/rules/yaml_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((format(printf, 5, 0))) static bool
fault_at(const char *name, size_t line, size_t column, struct yaml_fault *fault,
         const char *format, va_list args)
{
	snprintf(fault->where, sizeof(fault->where), "%.460s:%zu:%zu", name, line + 1,
	         column + 1);
	vsnprintf(fault->message, sizeof(fault->message), format, args);
	return false;
}

__attribute__((format(printf, 4, 5))) static bool
fault_at_mark(const struct yaml_text *yaml, const yaml_mark_t *mark,
              struct yaml_fault *fault, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fault_at(yaml->name, mark->line, mark->column, fault, format, args);
	va_end(args);
	return false;
}

bool yaml_text_fault(const struct yaml_text *yaml, const struct yaml_node *node,
                     struct yaml_fault *fault, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fault_at(yaml->name, node->line, node->column, fault,
	         format, args);
	va_end(args);
	return false;
}

bool yaml_text_fault_top(const struct yaml_text *yaml, struct yaml_fault *fault,
                         const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fault_at(yaml->name, 0, 0, fault, format, args);
	va_end(args);
	return false;
}

/* Where an octet stands: a reader's fault comes without a place. */
static yaml_mark_t mark_of_offset(const char *text, size_t length, size_t offset)
{
	yaml_mark_t mark = { 0, 0, 0 };

	for (size_t i = 0; i < offset && i < length; i++) {
		mark.column++;
		if (text[i] == '\n') {
			mark.line++;
			mark.column = 0;
		}
	}
	return mark;
}

/* libyaml counts characters */
static size_t octet_of_index(const char *text, size_t length, size_t index)
{
	size_t i = 0;

	while (i < length && (index > 0 || ((unsigned char)text[i] & 0xc0) == 0x80)) {
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			index--;
		i++;
	}
	return i;
}

/* What libyaml says, and what it mostly means */
static const struct {
	const char *problem, *fix;
} fixes[] = {
	{ "mapping values are not allowed in this context",
	  ": put text that holds \": \" in quotes, or mend the indentation" },
	{ "found character that cannot start any token",
	  ": put the text in quotes" },
	{ "did not find expected key",
	  ": mend the indentation or the quotes" },
	{ "could not find expected ':'", ": write \"key: value\"" },
	{ "did not find expected ',' or '}'",
	  ": put each text in straight quotes, and an apostrophe in double ones" },
	{ "did not find expected ',' or ']'",
	  ": put each text in straight quotes, and an apostrophe in double ones" },
	{ "did not find expected alphabetic or numeric character",
	  ": put the text in quotes" },
	{ "did not find expected '-' indicator",
	  ": begin each item with \"- \", one below the other" },
	{ "found unexpected end of stream", ": a quote or bracket is not closed" },
	{ "did not find expected <document start>",
	  ": the file goes on behind its end; mend the indentation" },
};

static const char *fix_for(const char *problem)
{
	for (size_t i = 0; i < sizeof(fixes) / sizeof(fixes[0]); i++)
		if (strcmp(problem, fixes[i].problem) == 0)
			return fixes[i].fix;
	return "";
}

static bool parser_fault(const struct yaml_text *yaml, const yaml_parser_t *parser,
                         const char *text, size_t length, struct yaml_fault *fault)
{
	const char *problem = parser->problem ? parser->problem : "out of memory";
	yaml_mark_t mark = parser->problem_mark;
	size_t at;

	if (parser->error == YAML_READER_ERROR) {
		mark = mark_of_offset(text, length, parser->problem_offset);
		return fault_at_mark(yaml, &mark, fault, "%s: save the file as UTF-8 text",
		                     problem);
	}
	if (strcmp(problem, "could not find expected ':'") == 0)
		mark = parser->context_mark; /* the line itself, not the one behind it */
	at = octet_of_index(text, length, mark.index);
	if (at < length && text[at] == '\t')
		return fault_at_mark(yaml, &mark, fault,
		                     "%s: indent with blanks, YAML takes no tabs", problem);
	return fault_at_mark(yaml, &mark, fault, "%s%s%s%s", problem,
	                     parser->context ? ", " : "",
	                     parser->context ? parser->context : "", fix_for(problem));
}

/* ---- the tree -------------------------------------------------------------
 * Made as the text is read, and not by yaml_parser_load(): of that no alias is left to
 * see, what is nested without end takes it as long, and its nodes are thrice as large. */

struct growth {
	struct yaml_text *yaml;
	int documents, depth;
	struct {
		size_t node, last; /* its place, and that of what was put into it last */
	} open[YAML_TEXT_DEPTH_MAX];
};

static bool check_event(const struct growth *g, const yaml_event_t *event,
                        struct yaml_fault *fault)
{
	const yaml_mark_t *mark = &event->start_mark;

	switch ((int)event->type) {
	case YAML_ALIAS_EVENT:
		return fault_at_mark(g->yaml, mark, fault,
		                     "aliases are not taken: write out what *%.40s stands for",
		                     (const char *)event->data.alias.anchor);
	case YAML_DOCUMENT_START_EVENT:
		if (g->documents > 0)
			return fault_at_mark(g->yaml, mark, fault,
			                     "expected one document, found a second one");
		break;
	case YAML_SCALAR_EVENT:
		if (memchr(event->data.scalar.value, '\0', event->data.scalar.length))
			return fault_at_mark(g->yaml, mark, fault,
			                     "expected text, found a NUL in it");
		break;
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		if (g->depth == YAML_TEXT_DEPTH_MAX)
			return fault_at_mark(g->yaml, mark, fault, "nested more than %d deep",
			                     YAML_TEXT_DEPTH_MAX);
		break;
	}
	return true;
}

/* Room for `more` behind what there is, for `first` at the least; false: there is no
 * memory for it */
static bool make_room(void **array, size_t *room, size_t used, size_t more, size_t first,
                      size_t size)
{
	size_t wanted = *room > 0 ? *room : first;
	void *grown;

	while (wanted - used < more)
		wanted *= 2;
	if (wanted == *room)
		return true;
	grown = realloc(*array, wanted * size);
	if (!grown)
		return false;
	*array = grown;
	*room = wanted;
	return true;
}

static bool add_scalar(struct yaml_text *yaml, const char *value, size_t length)
{
	void *scalars = yaml->scalars;
	bool good = make_room(&scalars, &yaml->scalars_room, yaml->scalars_length,
	                      length + 1, yaml->length / 2 + 64, 1);

	yaml->scalars = scalars;
	if (good) {
		memcpy(yaml->scalars + yaml->scalars_length, value, length);
		yaml->scalars[yaml->scalars_length + length] = '\0';
		yaml->scalars_length += length + 1;
	}
	return good;
}

static struct yaml_node *add_node(struct yaml_text *yaml, const yaml_mark_t *mark)
{
	void *nodes = yaml->nodes;
	bool good = make_room(&nodes, &yaml->node_room, yaml->node_count, 1,
	                      yaml->length / 12 + 16, sizeof(yaml->nodes[0]));

	yaml->nodes = nodes;
	if (!good)
		return NULL;
	yaml->nodes[yaml->node_count] = (struct yaml_node){
		.index = (uint32_t)mark->index, .line = (uint32_t)mark->line,
		.column = (uint32_t)mark->column,
	};
	return &yaml->nodes[yaml->node_count++];
}

/* The node made last, into what is open */
static void place(struct growth *g)
{
	struct yaml_node *nodes = g->yaml->nodes;
	size_t made = g->yaml->node_count - 1, parent, before;

	if (g->depth == 0)
		return;
	parent = g->open[g->depth - 1].node;
	before = g->open[g->depth - 1].last;
	if (before > 0)
		nodes[before].next = (uint32_t)made;
	nodes[parent].count++;
	g->open[g->depth - 1].last = made;
}

static bool grow(struct growth *g, const yaml_event_t *event)
{
	struct yaml_text *yaml = g->yaml;
	bool scalar = event->type == YAML_SCALAR_EVENT;
	struct yaml_node *node;

	g->documents += event->type == YAML_DOCUMENT_START_EVENT;
	if (event->type == YAML_SEQUENCE_END_EVENT || event->type == YAML_MAPPING_END_EVENT)
		g->depth--;
	if (!scalar && event->type != YAML_SEQUENCE_START_EVENT &&
	    event->type != YAML_MAPPING_START_EVENT)
		return true;
	node = add_node(yaml, &event->start_mark);
	if (!node)
		return false;
	place(g);
	if (scalar) {
		node->type = YAML_SCALAR_NODE;
		node->style = (uint8_t)event->data.scalar.style;
		return add_scalar(yaml, (const char *)event->data.scalar.value,
		                  event->data.scalar.length);
	}
	node->type = event->type == YAML_MAPPING_START_EVENT ? YAML_MAPPING_NODE
	                                                     : YAML_SEQUENCE_NODE;
	g->open[g->depth].node = yaml->node_count - 1;
	g->open[g->depth++].last = 0;
	return true;
}

static bool read_events(struct yaml_text *yaml, yaml_parser_t *parser,
                        struct yaml_fault *fault)
{
	struct growth growth = { .yaml = yaml };
	yaml_event_t event;
	bool good = true, more = true;

	while (good && more) {
		if (!yaml_parser_parse(parser, &event))
			return parser_fault(yaml, parser, yaml->text, yaml->length, fault);
		good = check_event(&growth, &event, fault) && grow(&growth, &event);
		more = event.type != YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	return good;
}

/* The texts are where they stay: they moved as they grew. */
static void give_texts(struct yaml_text *yaml)
{
	const char *text = yaml->scalars;

	for (size_t i = 0; i < yaml->node_count; i++) {
		if (yaml->nodes[i].type != YAML_SCALAR_NODE)
			continue;
		yaml->nodes[i].text = text;
		text += strlen(text) + 1;
	}
}

bool yaml_text_parse(struct yaml_text *yaml, const char *name, const char *text,
                     size_t length, struct yaml_fault *fault)
{
	static const yaml_mark_t top = { 0, 0, 0 };
	yaml_parser_t parser;
	bool good;

	*yaml = (struct yaml_text){ .name = name, .text = text, .length = length };
	fault_at_mark(yaml, &top, fault, "out of memory");
	if (length > YAML_TEXT_MAX)
		return fault_at_mark(yaml, &top, fault,
		                     "the file is too large: at most %d octets are read",
		                     YAML_TEXT_MAX);
	good = yaml_parser_initialize(&parser);
	if (good) {
		yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
		yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
		good = read_events(yaml, &parser, fault);
		yaml_parser_delete(&parser);
	}
	if (good)
		give_texts(yaml);
	else
		yaml_text_free(yaml);
	return good;
}

void yaml_text_free(struct yaml_text *yaml)
{
	free(yaml->nodes);
	free(yaml->scalars);
	yaml->nodes = NULL;
	yaml->scalars = NULL;
}

const struct yaml_node *yaml_text_root(const struct yaml_text *yaml)
{
	return yaml->node_count > 0 && !yaml_text_is_null(yaml->nodes) ? yaml->nodes : NULL;
}

const struct yaml_node *yaml_text_first(const struct yaml_text *yaml,
                                        const struct yaml_node *node)
{
	(void)yaml;
	return node->count > 0 ? node + 1 : NULL;
}

const struct yaml_node *yaml_text_next(const struct yaml_text *yaml,
                                       const struct yaml_node *node)
{
	return node->next > 0 ? &yaml->nodes[node->next] : NULL;
}

const struct yaml_node *yaml_text_item(const struct yaml_text *yaml,
                                       const struct yaml_node *sequence, size_t index)
{
	const struct yaml_node *item = yaml_text_first(yaml, sequence);

	while (item && index-- > 0)
		item = yaml_text_next(yaml, item);
	return item;
}

const char *yaml_text_scalar(const struct yaml_node *node)
{
	return node->text;
}

bool yaml_text_is_null(const struct yaml_node *node)
{
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL" };
	const char *text = yaml_text_scalar(node);

	if (!text || node->style != YAML_PLAIN_SCALAR_STYLE)
		return false;
	for (size_t i = 0; i < sizeof(nulls) / sizeof(nulls[0]); i++) {
		if (strcmp(text, nulls[i]) == 0)
			return true;
	}
	return false;
}

/* A key that stands twice: the second would win unseen. */
static bool check_key(const struct yaml_text *yaml, const struct yaml_node *mapping,
                      const struct yaml_node *key, struct yaml_fault *fault)
{
	const struct yaml_node *before = yaml_text_first(yaml, mapping);

	if (!key->text)
		return yaml_text_fault(yaml, key, fault, "expected a key");
	for (size_t i = 0; before != key; i++) {
		if (strcmp(key->text, before->text) == 0)
			return yaml_text_fault(yaml, key, fault,
			                       "\"%.60s\" stands twice, first in line %u; keep one",
			                       key->text, before->line + 1);
		if (i + 1 == YAML_TEXT_MEMBERS_MAX)
			return yaml_text_fault(yaml, key, fault,
			                       "more than %d keys in one place",
			                       YAML_TEXT_MEMBERS_MAX);
		before = yaml_text_next(yaml, yaml_text_next(yaml, before));
	}
	return true;
}

bool yaml_text_members(const struct yaml_text *yaml, const struct yaml_node *node,
                       const char *what, struct yaml_fault *fault,
                       yaml_text_member_fn each, void *user)
{
	const struct yaml_node *key, *value;

	if (node->type != YAML_MAPPING_NODE)
		return yaml_text_fault(yaml, node, fault, "expected %s", what);
	for (key = yaml_text_first(yaml, node); key; key = yaml_text_next(yaml, value)) {
		value = yaml_text_next(yaml, key);
		if (!check_key(yaml, node, key, fault) || !each(key, value, user))
			return false;
	}
	return true;
}

const struct yaml_node *yaml_text_member(const struct yaml_text *yaml,
                                         const struct yaml_node *mapping, const char *name)
{
	const struct yaml_node *key, *value;

	if (mapping->type != YAML_MAPPING_NODE)
		return NULL;
	for (key = yaml_text_first(yaml, mapping); key; key = yaml_text_next(yaml, value)) {
		value = yaml_text_next(yaml, key);
		if (key->text && strcmp(key->text, name) == 0)
			return value;
	}
	return NULL;
}

/* ---- places inside scalars ------------------------------------------------
 * The value and what stands in the file are walked side by side. Blanks do not
 * count, because folding adds and drops them; all else stands in both, be it
 * as an escape or a doubled quote. */

struct walk {
	const char *at, *end;
	size_t line, column;
	uint8_t style;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static void walk_character(struct walk *walk)
{
	if (walk->at == walk->end)
		return;
	walk->column++;
	if (*walk->at == '\n') {
		walk->line++;
		walk->column = 0;
	}
	do {
		walk->at++;
	} while (walk->at < walk->end && is_continuation(*walk->at));
}

static void walk_start(const struct yaml_text *yaml, const struct yaml_node *node,
                       struct walk *walk)
{
	size_t at = octet_of_index(yaml->text, yaml->length, node->index);

	*walk = (struct walk){
		.at = yaml->text + at, .end = yaml->text + yaml->length,
		.line = node->line, .column = node->column,
		.style = node->style,
	};
	if (walk->style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
	    walk->style == YAML_DOUBLE_QUOTED_SCALAR_STYLE)
		walk_character(walk);
	else if (walk->style != YAML_PLAIN_SCALAR_STYLE)
		while (walk->at < walk->end && *walk->at != '\n')
			walk_character(walk);
}

/* Octets of an escape: \n, \x41, \u0041 ... */
static size_t escape_length(char letter)
{
	return letter == 'x' ? 4 : letter == 'u' ? 6 : letter == 'U' ? 10 : 2;
}

static bool is_blank_escape(const struct walk *walk)
{
	char letter = ' ';

	if (walk->end - walk->at > 1)
		letter = (char)walk->at[1];
	return *walk->at == '\\' && walk->style == YAML_DOUBLE_QUOTED_SCALAR_STYLE &&
	       (is_blank(letter) || letter == 'n' || letter == 't' || letter == 'r');
}

static void walk_blanks(struct walk *walk)
{
	while (walk->at < walk->end && (is_blank(*walk->at) || is_blank_escape(walk))) {
		if (*walk->at == '\\')
			walk_character(walk);
		walk_character(walk);
	}
}

static void walk_unit(struct walk *walk)
{
	size_t length = 1;

	if (walk->style == YAML_DOUBLE_QUOTED_SCALAR_STYLE && *walk->at == '\\' &&
	    walk->end - walk->at > 1)
		length = escape_length(walk->at[1]);
	else if (walk->style == YAML_SINGLE_QUOTED_SCALAR_STYLE && *walk->at == '\'')
		length = 2;
	while (length--)
		walk_character(walk);
}

bool yaml_text_fault_inside(const struct yaml_text *yaml, const struct yaml_node *node,
                            size_t offset, struct yaml_fault *fault,
                            const char *format, ...)
{
	const char *value = yaml_text_scalar(node);
	struct walk walk;
	size_t i;
	va_list args;

	walk_start(yaml, node, &walk);
	for (i = 0; i < offset && value[i]; i++) {
		if (is_blank(value[i]) || is_continuation(value[i]))
			continue;
		walk_blanks(&walk);
		if (walk.at < walk.end)
			walk_unit(&walk);
	}
	if (value[i])
		walk_blanks(&walk);
	va_start(args, format);
	fault_at(yaml->name, walk.line, walk.column, fault, format, args);
	va_end(args);
	return false;
}
