import { AgentVMError, isNamed } from "./agentvm-error.js";

/** The answer does not fit the contract: the message says which call and where in the answer. */
export class ContractError extends AgentVMError {
  static {
    this.prototype.name = "ContractError";
  }
}

/** Whether a thrown thing is a {@link ContractError}. */
export function isContractError(error: unknown): error is ContractError {
  return isNamed(error, "ContractError");
}
