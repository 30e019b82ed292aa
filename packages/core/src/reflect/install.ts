import { reflection } from "../schema/reflection.js";
import { reflectAll, reflectTable } from "./load.js";

Object.assign(reflection, { reflectAll, reflectTable });
