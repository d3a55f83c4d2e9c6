import { AgentVMError, isNamed, nameClass } from "./agentvm-error.js";

/** The answer does not fit the contract: the message says which call and where in the answer. */
export class ContractError extends AgentVMError {}
nameClass(ContractError, "ContractError");

/** Whether a thrown thing is a {@link ContractError}. */
export function isContractError(error: unknown): error is ContractError {
  return isNamed(error, "ContractError");
}
