import { describeSameBytes } from "./cross-host.js";
import { describeConformance } from "./describe-conformance.js";
import { startInPage } from "./in-page-host.js";
import { startMsw } from "./msw-host.js";

describeConformance("the MSW host", startMsw);
describeSameBytes("the in-page host", startInPage, "the MSW host", startMsw);
