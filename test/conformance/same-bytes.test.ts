import { describeSameBytes } from "./cross-host.js";
import { startInPage } from "./in-page-host.js";
import { startNode } from "./node-host.js";

describeSameBytes("the in-page host", startInPage, "the Node host", startNode);
