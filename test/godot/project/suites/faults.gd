extends "res://suite.gd"
## A server, or something else, that answers badly.

const KEY: String = "development-key"


func _connect(way: String) -> AgentVMManager:
	var agents: AgentVMManager = manager()
	await agents.connect_to_api(broken(way), KEY)
	return agents


## A page of HTML is no AgentVM server, and the message says so.
func test_html() -> void:
	var agents: AgentVMManager = await _connect("html")
	expect_equal(agents.last_error.code, "invalid_answer", "code")
	expect_contains(agents.last_error.remediation, "endpoint", "remediation")


## An answer that is cut midway is a network error.
func test_cut_answer() -> void:
	var agents: AgentVMManager = await _connect("cut")
	expect_equal(agents.last_error.code, "network_error", "code")
	expect(agents.last_error.may_have_happened, "it may have been done")


## FastAPI's way to refuse is understood.
func test_fastapi_detail() -> void:
	var agents: AgentVMManager = await _connect("fastapi")
	expect_equal(agents.last_error.http_status, 422, "status")
	expect_contains(agents.last_error.message, "body.game_name field required", "message")


## A success that says it is none is a failure.
func test_success_false() -> void:
	var agents: AgentVMManager = await _connect("unsuccessful")
	expect_equal(agents.is_connected_to_api(), false, "connected")
	expect_contains(agents.last_error.message, "out of order", "message")


## A redirect is not followed, and told.
func test_redirect() -> void:
	var agents: AgentVMManager = await _connect("redirect")
	expect_equal(agents.last_error.http_status, 302, "status")


## A server that never answers is given up after the time limit.
func test_silence() -> void:
	ProjectSettings.set_setting("agentvm/connection/timeout_seconds", 1.0)
	var start: int = Time.get_ticks_msec()
	var agents: AgentVMManager = await _connect("silent")
	ProjectSettings.set_setting("agentvm/connection/timeout_seconds", null)
	expect_equal(agents.last_error.code, "timeout", "code")
	expect(Time.get_ticks_msec() - start < 10_000, "it takes about the time limit")


## A busy server is asked again when it said, with the same idempotency key, and the work is done once.
func test_busy_server_is_asked_again() -> void:
	var agents: AgentVMManager = await _connect("busy")
	# The broken server opens no event stream, so it is the first call that tells.
	var told: Dictionary = await ask("seen")
	expect_equal(told.get("keys"), 1.0, "idempotency keys of one call")
	expect(float(str(told.get("calls"))) >= 3.0, "tries")
	expect_equal(agents.last_error.http_status, 503, "status after the last try")


## An answer without end is read up to a bound, which the message names.
func test_endless_answer() -> void:
	var agents: AgentVMManager = await _connect("flood")
	expect_equal(agents.last_error.code, "invalid_answer", "code")
	expect_contains(agents.last_error.message, "more than 16777216 bytes", "message")


## A port that does not speak TLS is told as that, after one try.
func test_https_on_an_http_port() -> void:
	var agents: AgentVMManager = manager()
	Engine.print_error_messages = false
	await agents.connect_to_api(broken("html").replace("http://", "https://"), KEY)
	Engine.print_error_messages = true
	expect_equal(agents.last_error.code, "network_error", "code")
	expect_contains(agents.last_error.message, "does not speak TLS", "message")
	expect(not agents.last_error.retryable, "trying again is of no use")
