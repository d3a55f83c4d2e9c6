@tool
extends RefCounted
## One connection to the server, which takes one exchange after the other.

const Endpoint = preload("../core/endpoint.gd")
const HttpExchange = preload("http_exchange.gd")

## Milliseconds for which an idle connection is kept: less than servers keep theirs.
const IDLE_MS: int = 3_000
const METHODS: Dictionary[String, HTTPClient.Method] = {
	"GET": HTTPClient.METHOD_GET,
	"POST": HTTPClient.METHOD_POST,
	"PUT": HTTPClient.METHOD_PUT,
	"DELETE": HTTPClient.METHOD_DELETE,
}

var _client: HTTPClient = HTTPClient.new()
var _endpoint: Endpoint = null
var _exchange: HttpExchange = null
var _is_requested: bool = false
var _is_answering: bool = false
var _was_used: bool = false
var _idle_since: int = 0
var _heard_at: int = 0


func _init(endpoint: Endpoint) -> void:
	_endpoint = endpoint


## Whether it can take an exchange.
func is_free() -> bool:
	return _exchange == null


## Whether it is open and free.
func is_warm() -> bool:
	return _exchange == null and _client.get_status() == HTTPClient.STATUS_CONNECTED


## Sends an exchange, over a new connection where the old one is gone.
func take(exchange: HttpExchange) -> void:
	_exchange = exchange
	_is_requested = false
	_is_answering = false
	if _client.get_status() != HTTPClient.STATUS_CONNECTED:
		_connect()
	_advance()


## Moves the exchange on.
func poll() -> void:
	if _exchange == null:
		if is_warm() and Time.get_ticks_msec() - _idle_since > IDLE_MS:
			_client.close()
		return
	_advance()


## Ends the exchange and the connection.
func close() -> void:
	_end("aborted", false)
	_client.close()


func _connect() -> void:
	_client.close()
	_was_used = false
	var tls: TLSOptions = TLSOptions.client() if _endpoint.is_secure else null
	if _client.connect_to_host(_endpoint.host, _endpoint.port, tls) != OK:
		_end("refused", false)


func _advance() -> void:
	# Several steps a frame, since a call would take many frames otherwise.
	for step: int in 8:
		if _exchange == null:
			return
		if Time.get_ticks_msec() >= _exchange.deadline:
			_end("timeout", false)
			_client.close()
			return
		var before: HTTPClient.Status = _client.get_status()
		if not _step(before):
			return
		if _client.get_status() == before and not _is_answering:
			return


func _step(status: HTTPClient.Status) -> bool:
	match status:
		HTTPClient.STATUS_RESOLVING, HTTPClient.STATUS_CONNECTING, HTTPClient.STATUS_REQUESTING:
			_client.poll()
			return true
		HTTPClient.STATUS_CONNECTED:
			if not _is_requested:
				return _send()
			if _client.has_response():
				# An answer without a body.
				_read_head()
				_end("", true)
			else:
				_break()
			return false
		HTTPClient.STATUS_BODY:
			if not _is_answering:
				_read_head()
			return _read_body()
		HTTPClient.STATUS_CANT_RESOLVE, HTTPClient.STATUS_CANT_CONNECT:
			_end("refused", false)
			return false
		HTTPClient.STATUS_TLS_HANDSHAKE_ERROR:
			_end("no_tls", false)
			return false
	_break()
	return false


func _send() -> bool:
	_is_requested = true
	var problem: Error = _client.request(
		METHODS[_exchange.method], _exchange.target, _exchange.headers, _exchange.body
	)
	if problem != OK:
		_break()
		return false
	_exchange.was_sent = true
	return true


func _read_head() -> void:
	_is_answering = true
	_heard_at = Time.get_ticks_msec()
	_exchange.status = _client.get_response_code()
	for line: String in _client.get_response_headers():
		var colon: int = line.find(":")
		if colon > 0:
			_exchange.answer_headers[line.left(colon).to_lower()] = line.substr(colon + 1).strip_edges()


func _read_body() -> bool:
	_client.poll()
	var chunk: PackedByteArray = []
	if _client.get_status() == HTTPClient.STATUS_BODY:
		chunk = _client.read_response_body_chunk()
	if not chunk.is_empty():
		_heard_at = Time.get_ticks_msec()
		_exchange.answer.append_array(chunk)
		if _exchange.answer.size() > _exchange.answer_max:
			# Of an answer that goes on for a while, what has come up to here is the answer.
			_end("" if _exchange.quiet_ms > 0 else "too_large", false)
			_client.close()
			return false
	var status: HTTPClient.Status = _client.get_status()
	if status == HTTPClient.STATUS_CONNECTED:
		_end("", true)
		return false
	if status == HTTPClient.STATUS_DISCONNECTED:
		# An answer without a length ends with its connection; one with a length may be cut.
		_end("" if _is_whole() else "broken", false)
		return false
	if status != HTTPClient.STATUS_BODY:
		_break()
		return false
	if _exchange.quiet_ms > 0 and Time.get_ticks_msec() - _heard_at >= _exchange.quiet_ms:
		_end("", false)
		_client.close()
		return false
	return not chunk.is_empty()


func _is_whole() -> bool:
	if _exchange.answer_headers.get("transfer-encoding", "").to_lower().contains("chunked"):
		return false
	var length: String = _exchange.answer_headers.get("content-length", "")
	return length.is_empty() or _exchange.answer.size() >= length.to_int()


func _break() -> void:
	if _exchange != null:
		_exchange.is_stale = _was_used and not _is_answering
	_end("broken" if _exchange != null and _exchange.was_sent else "refused", false)
	_client.close()


func _end(failure: String, keep: bool) -> void:
	var exchange: HttpExchange = _exchange
	_exchange = null
	_is_answering = false
	_was_used = true
	_idle_since = Time.get_ticks_msec()
	if not keep:
		_client.close()
	if exchange != null:
		exchange.finish(failure)
