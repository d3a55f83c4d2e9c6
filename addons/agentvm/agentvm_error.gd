class_name AgentVMError
extends RefCounted
## Why a call of [AgentVMManager] failed.
##
## It is kept in [member AgentVMManager.last_error] and given to
## [signal AgentVMManager.request_failed]. It never holds a key or a token.

## What went wrong, for a program to test: a code of the server such as
## [code]agent_not_found[/code], or one of the addon's own: [code]not_connected[/code],
## [code]not_in_tree[/code], [code]cancelled[/code], [code]network_error[/code],
## [code]timeout[/code], [code]invalid_request[/code], [code]invalid_endpoint[/code],
## [code]insecure_endpoint[/code], [code]too_many_calls[/code], [code]outdated[/code], [code]invalid_answer[/code].
var code: String = ""
## What went wrong, in a sentence for a person.
var message: String = ""
## The HTTP status of the answer; 0 when there was none.
var http_status: int = 0
## Whether the same call may succeed later without a change.
var retryable: bool = false
## What to do about it, in a sentence.
var remediation: String = ""
## The name of the manager's call that failed, such as [code]assign_task[/code].
var operation: String = ""
## The server's name for the request, to find it in its log; empty when it gave none.
var request_id: String = ""
## What is wrong with which field, as the server says it: a [String], an [Array], or null.
var detail: Variant = null
## Whether the work may have been done although the call failed.
var may_have_happened: bool = false
## Milliseconds that the server asked to wait before the next try; 0 when it did not.
var retry_after_ms: int = 0


## Makes an error with the parts that every error has.
static func create(
	p_code: String,
	p_message: String,
	p_remediation: String,
	p_retryable: bool = false,
	p_http_status: int = 0,
) -> AgentVMError:
	var error: AgentVMError = AgentVMError.new()
	error.code = p_code
	error.message = p_message
	error.remediation = p_remediation
	error.retryable = p_retryable
	error.http_status = p_http_status
	return error


func _to_string() -> String:
	var status: String = "" if http_status == 0 else " (HTTP %d)" % http_status
	return "%s%s: %s %s" % [code, status, message, remediation]
