/** @file The module a tower's thread runs. */
import { openPictureTower } from "./picture-tower.ts";
import { serveTower } from "./tower-service.ts";

serveTower(openPictureTower);
