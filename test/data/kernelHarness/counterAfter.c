/*
 * Reads operations and prints what each leaves: `a CPU AMOUNT BATCH` adds, `l CPU LIMIT AMOUNT BATCH` adds under a limit,
 * `c VALUE BATCH` compares, `s CPU` folds, `d CPU` lets a CPU die, `u CPU` brings it back.
 */
int main(void)
{
	static s32 slots[CPUS];
	struct percpu_counter counter = { .counters = slots };
	long long a, b, c;
	char operation;

	online = 0xff;
	while (scanf(" %c", &operation) == 1) {
		long result = 0;

		switch (operation) {
		case 'a':
			if (scanf("%d %lld %lld", &here, &a, &b) == 3)
				percpu_counter_add_batch(&counter, a, b);
			break;
		case 'l':
			if (scanf("%d %lld %lld %lld", &here, &a, &b, &c) == 4)
				result = LIMITED_ADD(&counter, a, b, c);
			break;
		case 'c':
			if (scanf("%lld %lld", &a, &b) == 2)
				result = __percpu_counter_compare(&counter, a, b);
			break;
		case 's':
			if (scanf("%d", &here) == 1)
				percpu_counter_sync(&counter);
			break;
		case 'd':
			if (scanf("%d", &here) == 1) {
				online &= ~(1UL << here);
				dying |= 1UL << here;
			}
			break;
		case 'u':
			if (scanf("%d", &here) == 1) {
				online |= 1UL << here;
				dying &= ~(1UL << here);
			}
			break;
		}
		printf("%ld %lld %lld\n", result, (long long)counter.count, (long long)__percpu_counter_sum(&counter));
	}
	return 0;
}
