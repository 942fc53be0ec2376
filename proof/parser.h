/*
 * Stands in for cJSON, so that the programs need nothing else installed: gives something where the text is one whole object, as far as its braces tell, and
 * NULL where it is cut off, as the real one does.
 */
typedef struct cJSON { int depth; } cJSON;

static inline cJSON *
cJSON_ParseWithLength(const char *text, size_t length)
{
	static cJSON whole;
	int depth = 0;

	for (size_t n = 0; n < length; n++) {
		depth += (text[n] == '{') - (text[n] == '}');
		if (depth == 0)
			return text[0] == '{' ? &whole : NULL;
	}
	return NULL;
}
