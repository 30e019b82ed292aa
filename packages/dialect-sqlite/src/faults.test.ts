import { faults } from "@acme/testkit";
import { sqliteFaults } from "./test-faults.js";

faults(sqliteFaults);
