/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _SAMPLE_TYPES_H
#define _SAMPLE_TYPES_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed int s32;
typedef signed long long s64;
typedef unsigned int gfp_t;
typedef _Bool bool;

typedef struct {
	int counter;
} atomic_t;

struct list_head {
	struct list_head *next, *prev;
};

#endif
