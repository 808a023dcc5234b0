/** @file What several dates in one query mean together: 2018 and 2019 are either, May and 2019 are both. */
import type { When } from "../../contract/query.ts";

/** Both days included. */
interface ClosedDays {
	type: "days";
	from: string;
	to: string;
}
type Months = Extract<When, { type: "months" }>;

/**
 * Lists of which every one has to hold, by any of its times. Dates narrow one another while that leaves a
 * day. Closed ranges without a day in common (summer 2018 and summer 2019), and months of every year
 * without a common one, would never find anything: they mean either. A range that is open on one side
 * always narrows.
 */
export function timesMeant(times: readonly When[]): When[][] {
	const open: When[] = [];
	let closed: ClosedDays[] = [];
	let monthly: Months[] = [];
	for (const when of times) {
		if (when.type === "months") {
			monthly = narrowed(monthly, when, commonMonths);
			continue;
		}
		const { type, from, to } = when;
		if (from === null || to === null) open.push(when);
		else closed = narrowed(closed, { type, from, to }, commonDays);
	}
	return [closed, monthly, ...open.map((one) => [one])].filter((any) => any.length > 0);
}

/** `known` with `more`, which narrows all that it has something in common with, else stands beside them. */
function narrowed<Time>(
	known: readonly Time[],
	more: Time,
	common: (one: Time, other: Time) => Time | null,
): Time[] {
	const narrower = known.map((one) => common(one, more));
	return narrower.every((one) => one === null)
		? [...known, more]
		: known.map((one, at) => narrower[at] ?? one);
}

function commonDays(one: ClosedDays, other: ClosedDays): ClosedDays | null {
	const { from } = one.from > other.from ? one : other;
	const { to } = one.to < other.to ? one : other;
	return from > to ? null : { type: "days", from, to };
}

function commonMonths(one: Months, other: Months): Months | null {
	const months = one.months.filter((month) => other.months.includes(month));
	return months.length === 0 ? null : { type: "months", months };
}
