import { describeConformance } from "./describe-conformance.js";
import { startInPage } from "./in-page-host.js";

describeConformance("the in-page host", startInPage);
