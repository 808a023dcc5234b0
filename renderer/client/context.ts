/** @file The host as a Svelte context: how every component reaches the engine. */
import { createContext } from "svelte";
import type { Host } from "./host.ts";

/** `setHost` is called once, by the app's root; `getHost` by any component under it. */
export const [getHost, setHost] = createContext<Host>();
