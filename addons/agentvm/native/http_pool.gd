@tool
extends RefCounted
## A few connections to one server, and the exchanges that wait for a free one.

const Endpoint = preload("../core/endpoint.gd")
const HttpConnection = preload("http_connection.gd")
const HttpExchange = preload("http_exchange.gd")

## Connections at the same time.
const CONNECTIONS_MAX: int = 6

var _endpoint: Endpoint = null
var _connections: Array[HttpConnection] = []
var _waiting: Array[HttpExchange] = []
var _is_closed: bool = false


func _init(endpoint: Endpoint) -> void:
	_endpoint = endpoint


## Sends an exchange as soon as a connection is free.
func submit(exchange: HttpExchange) -> void:
	if _is_closed:
		exchange.finish("aborted")
		return
	_waiting.append(exchange)


## Moves everything on.
func poll() -> void:
	_give_out()
	for connection: HttpConnection in _connections:
		connection.poll()
	var now: int = Time.get_ticks_msec()
	for exchange: HttpExchange in _waiting.duplicate():
		if now >= exchange.deadline:
			_waiting.erase(exchange)
			exchange.finish("timeout")
	_give_out()


## Ends every exchange.
func close() -> void:
	_is_closed = true
	var waiting: Array[HttpExchange] = _waiting.duplicate()
	_waiting.clear()
	for connection: HttpConnection in _connections:
		connection.close()
	for exchange: HttpExchange in waiting:
		exchange.finish("aborted")


func _give_out() -> void:
	while not _waiting.is_empty():
		var connection: HttpConnection = _free_connection()
		if connection == null:
			return
		var exchange: HttpExchange = _waiting.pop_front()
		if not exchange.is_done:
			connection.take(exchange)


func _free_connection() -> HttpConnection:
	var free: HttpConnection = null
	for connection: HttpConnection in _connections:
		if connection.is_warm():
			return connection
		if connection.is_free():
			free = connection
	if free == null and _connections.size() < CONNECTIONS_MAX:
		free = HttpConnection.new(_endpoint)
		_connections.append(free)
	return free
