/** @file Polygons on the map, and whether a point is inside. */

/** Rings of [longitude, latitude]: the outer one first, then holes. */
type Polygon = readonly (readonly (readonly number[])[])[];

interface Edge {
	fromLongitude: number;
	fromLatitude: number;
	toLongitude: number;
	toLatitude: number;
}

const bandDegrees = 0.25;

/**
 * A ray to the east crosses the edges of a polygon an odd number of times from inside and an even number
 * from outside; holes count as any other ring. Edges are kept by bands of latitude, so that a point is
 * compared with the few that its ray can cross.
 */
export class Outline {
	readonly #bands = new Map<number, Edge[]>();
	#west = Number.POSITIVE_INFINITY;
	#east = Number.NEGATIVE_INFINITY;

	constructor(polygons: readonly Polygon[]) {
		for (const ring of polygons.flat()) {
			for (let at = 0; at + 1 < ring.length; at += 1) {
				const [fromLongitude, fromLatitude] = ring[at] ?? [];
				const [toLongitude, toLatitude] = ring[at + 1] ?? [];
				if (fromLongitude === undefined || fromLatitude === undefined) continue;
				if (toLongitude === undefined || toLatitude === undefined) continue;
				this.#add({ fromLongitude, fromLatitude, toLongitude, toLatitude });
			}
		}
	}

	contains(latitude: number, longitude: number): boolean {
		if (longitude < this.#west || longitude > this.#east) return false;
		let inside = false;
		for (const edge of this.#bands.get(Math.floor(latitude / bandDegrees)) ?? []) {
			if (edge.fromLatitude > latitude === edge.toLatitude > latitude) continue;
			const share = (latitude - edge.fromLatitude) / (edge.toLatitude - edge.fromLatitude);
			const crossing = edge.fromLongitude + share * (edge.toLongitude - edge.fromLongitude);
			if (longitude < crossing) inside = !inside;
		}
		return inside;
	}

	#add(edge: Edge): void {
		this.#west = Math.min(this.#west, edge.fromLongitude, edge.toLongitude);
		this.#east = Math.max(this.#east, edge.fromLongitude, edge.toLongitude);
		const lowest = Math.floor(Math.min(edge.fromLatitude, edge.toLatitude) / bandDegrees);
		const highest = Math.floor(Math.max(edge.fromLatitude, edge.toLatitude) / bandDegrees);
		for (let band = lowest; band <= highest; band += 1) {
			const edges = this.#bands.get(band);
			if (edges === undefined) this.#bands.set(band, [edge]);
			else edges.push(edge);
		}
	}
}
