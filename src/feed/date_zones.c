/* SPDX-License-Identifier: ISC */
#include "feed/date_zones.h"

#include <string.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "base/clock.h"

enum { HOUR = 3600, DAY = 86400 };

enum summer { SUMMER_NEVER, SUMMER_EU, SUMMER_US, SUMMER_AU, SUMMER_NZ };

/* Names of the tz database by their city, which no two of these share. */
static const struct {
	const char *city;
	int minutes; /* east of UTC in winter */
	enum summer summer;
} cities[] = {
	/* clang-format off */
	{ "New_York", -300, SUMMER_US }, { "Detroit", -300, SUMMER_US },
	{ "Toronto", -300, SUMMER_US }, { "Montreal", -300, SUMMER_US },
	{ "Chicago", -360, SUMMER_US }, { "Winnipeg", -360, SUMMER_US },
	{ "Denver", -420, SUMMER_US }, { "Boise", -420, SUMMER_US },
	{ "Edmonton", -420, SUMMER_US }, { "Phoenix", -420, SUMMER_NEVER },
	{ "Los_Angeles", -480, SUMMER_US }, { "Vancouver", -480, SUMMER_US },
	{ "Anchorage", -540, SUMMER_US }, { "Honolulu", -600, SUMMER_NEVER },
	{ "Halifax", -240, SUMMER_US }, { "St_Johns", -210, SUMMER_US },
	{ "Eastern", -300, SUMMER_US }, { "Central", -360, SUMMER_US },
	{ "Mountain", -420, SUMMER_US }, { "Pacific", -480, SUMMER_US },
	{ "Mexico_City", -360, SUMMER_NEVER }, { "Bogota", -300, SUMMER_NEVER },
	{ "Lima", -300, SUMMER_NEVER }, { "Caracas", -240, SUMMER_NEVER },
	{ "Sao_Paulo", -180, SUMMER_NEVER }, { "Buenos_Aires", -180, SUMMER_NEVER },
	{ "Montevideo", -180, SUMMER_NEVER },
	{ "London", 0, SUMMER_EU }, { "Dublin", 0, SUMMER_EU }, { "Lisbon", 0, SUMMER_EU },
	{ "Paris", 60, SUMMER_EU }, { "Berlin", 60, SUMMER_EU }, { "Madrid", 60, SUMMER_EU },
	{ "Rome", 60, SUMMER_EU }, { "Amsterdam", 60, SUMMER_EU },
	{ "Brussels", 60, SUMMER_EU }, { "Luxembourg", 60, SUMMER_EU },
	{ "Zurich", 60, SUMMER_EU }, { "Vienna", 60, SUMMER_EU }, { "Prague", 60, SUMMER_EU },
	{ "Bratislava", 60, SUMMER_EU }, { "Budapest", 60, SUMMER_EU },
	{ "Warsaw", 60, SUMMER_EU }, { "Copenhagen", 60, SUMMER_EU },
	{ "Oslo", 60, SUMMER_EU }, { "Stockholm", 60, SUMMER_EU },
	{ "Belgrade", 60, SUMMER_EU }, { "Zagreb", 60, SUMMER_EU },
	{ "Ljubljana", 60, SUMMER_EU }, { "Sarajevo", 60, SUMMER_EU },
	{ "Helsinki", 120, SUMMER_EU }, { "Tallinn", 120, SUMMER_EU },
	{ "Riga", 120, SUMMER_EU }, { "Vilnius", 120, SUMMER_EU }, { "Kiev", 120, SUMMER_EU },
	{ "Kyiv", 120, SUMMER_EU }, { "Athens", 120, SUMMER_EU }, { "Sofia", 120, SUMMER_EU },
	{ "Bucharest", 120, SUMMER_EU }, { "Chisinau", 120, SUMMER_EU },
	{ "Istanbul", 180, SUMMER_NEVER }, { "Minsk", 180, SUMMER_NEVER },
	{ "Moscow", 180, SUMMER_NEVER }, { "Samara", 240, SUMMER_NEVER },
	{ "Yekaterinburg", 300, SUMMER_NEVER }, { "Novosibirsk", 420, SUMMER_NEVER },
	{ "Vladivostok", 600, SUMMER_NEVER },
	{ "Johannesburg", 120, SUMMER_NEVER }, { "Lagos", 60, SUMMER_NEVER },
	{ "Nairobi", 180, SUMMER_NEVER }, { "Dubai", 240, SUMMER_NEVER },
	{ "Tbilisi", 240, SUMMER_NEVER }, { "Yerevan", 240, SUMMER_NEVER },
	{ "Karachi", 300, SUMMER_NEVER }, { "Tashkent", 300, SUMMER_NEVER },
	{ "Kolkata", 330, SUMMER_NEVER }, { "Calcutta", 330, SUMMER_NEVER },
	{ "Colombo", 330, SUMMER_NEVER }, { "Kathmandu", 345, SUMMER_NEVER },
	{ "Dhaka", 360, SUMMER_NEVER }, { "Bangkok", 420, SUMMER_NEVER },
	{ "Ho_Chi_Minh", 420, SUMMER_NEVER }, { "Saigon", 420, SUMMER_NEVER },
	{ "Jakarta", 420, SUMMER_NEVER }, { "Shanghai", 480, SUMMER_NEVER },
	{ "Hong_Kong", 480, SUMMER_NEVER }, { "Taipei", 480, SUMMER_NEVER },
	{ "Singapore", 480, SUMMER_NEVER }, { "Kuala_Lumpur", 480, SUMMER_NEVER },
	{ "Manila", 480, SUMMER_NEVER }, { "Perth", 480, SUMMER_NEVER },
	{ "Seoul", 540, SUMMER_NEVER }, { "Tokyo", 540, SUMMER_NEVER },
	{ "Darwin", 570, SUMMER_NEVER }, { "Adelaide", 570, SUMMER_AU },
	{ "Brisbane", 600, SUMMER_NEVER }, { "Sydney", 600, SUMMER_AU },
	{ "Melbourne", 600, SUMMER_AU }, { "Canberra", 600, SUMMER_AU },
	{ "Hobart", 600, SUMMER_AU }, { "Auckland", 720, SUMMER_NZ },
	{ "UTC", 0, SUMMER_NEVER }, { "GMT", 0, SUMMER_NEVER },
	/* clang-format on */
};

/* Midnight of the nth Sunday of a month of local's year; nth 0: the last one. */
static int64_t
sunday(int year, int month, int nth)
{
	struct civil c = { .year = nth ? year : year + month / 12,
		.month = nth ? month : month % 12 + 1,
		.day = 1 };
	int64_t first = 0;

	if (!clock_instant(&c, 0, &first))
		return 0;
	/* The first of January 1970 was a Thursday, four days behind a Sunday. */
	first += (6 - (((first / DAY + 3) % 7 + 7) % 7)) * DAY;
	return first + (nth ? nth - 1 : -1) * 7 * DAY;
}

/* Standard time as if it were UTC, of a zone so many minutes east. */
static bool
is_summer(enum summer rule, int64_t standard, int minutes)
{
	const int year = clock_civil(standard, 0).year;
	const int64_t one_utc = HOUR + minutes * INT64_C(60);

	switch (rule) {
	case SUMMER_EU:
		return standard >= sunday(year, 3, 0) + one_utc &&
		    standard < sunday(year, 10, 0) + one_utc;
	case SUMMER_US:
		return standard >= sunday(year, 3, 2) + 2 * HOUR &&
		    standard < sunday(year, 11, 1) + HOUR;
	case SUMMER_AU:
		return standard >= sunday(year, 10, 1) + 2 * HOUR ||
		    standard < sunday(year, 4, 1) + 2 * HOUR;
	case SUMMER_NZ:
		return standard >= sunday(year, 9, 0) + 2 * HOUR ||
		    standard < sunday(year, 4, 1) + 2 * HOUR;
	case SUMMER_NEVER:
		break;
	}
	return false;
}

static bool
is_name_char(char c)
{
	return ascii_is_letter(c) || c == '/' || c == '_' || c == '-';
}

size_t
date_zone_name_at_end(const char *text, size_t len)
{
	size_t at = len;
	bool has_slash = false;

	while (at > 0 && is_name_char(text[at - 1]))
		has_slash |= text[--at] == '/';
	return has_slash && at > 0 && text[at - 1] == ' ' && ascii_is_letter(text[at])
	    ? len - at
	    : 0;
}

bool
date_zone_named(const char *name, size_t len, int64_t local, int *seconds)
{
	size_t at = len;

	while (at > 0 && name[at - 1] != '/')
		at--;
	for (size_t i = 0; i < ARRAY_LEN(cities); i++) {
		if (strlen(cities[i].city) != len - at ||
		    !ascii_starts_nocase(name + at, cities[i].city))
			continue;
		*seconds = cities[i].minutes * 60;
		if (is_summer(cities[i].summer, local - HOUR, cities[i].minutes))
			*seconds += HOUR;
		return true;
	}
	return false;
}
