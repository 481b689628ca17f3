/* SPDX-License-Identifier: ISC */
#include "list/ask_limits.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static bool
reached(const struct rate *rate, const int64_t *times, size_t count, int64_t now)
{
	int64_t within = 0;

	for (size_t i = 0; i < count; i++)
		within += times[i] > now - rate->seconds;
	return within >= rate->count;
}

bool
limits_reached(const struct rates *rates, const int64_t *times, size_t count, int64_t now)
{
	for (size_t i = 0; i < rates->count; i++) {
		if (reached(&rates->list[i], times, count, now))
			return true;
	}
	return false;
}

int64_t
limits_window(const struct rates *rates)
{
	int64_t longest = 0;

	for (size_t i = 0; i < rates->count; i++) {
		if (rates->list[i].seconds > longest)
			longest = rates->list[i].seconds;
	}
	return longest;
}

size_t
limits_most(const struct rates *rates)
{
	int64_t most = 0;

	for (size_t i = 0; i < rates->count; i++) {
		if (rates->list[i].count > most)
			most = rates->list[i].count;
	}
	return (size_t)most;
}

static const char *
network_of_v4(struct arena *a, const unsigned char bytes[4])
{
	return arena_printf(a, "%u.%u.%u.0/24", bytes[0], bytes[1], bytes[2]);
}

const char *
limits_network(struct arena *a, const char *ip)
{
	enum { KEPT = 7 }; /* 56 bits */
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	unsigned char v4[4];
	unsigned char v6[16];
	char text[INET6_ADDRSTRLEN];

	if (inet_pton(AF_INET, ip, v4) == 1)
		return network_of_v4(a, v4);
	if (inet_pton(AF_INET6, ip, v6) != 1)
		return NULL;
	if (memcmp(v6, mapped, sizeof(mapped)) == 0)
		return network_of_v4(a, v6 + sizeof(mapped));
	memset(v6 + KEPT, 0, sizeof(v6) - KEPT);
	if (!inet_ntop(AF_INET6, v6, text, sizeof(text)))
		return NULL;
	return arena_printf(a, "%s/56", text);
}
