import { describeConformance } from "./describe-conformance.js";
import { startNode } from "./node-host.js";

describeConformance("the Node host", startNode);
