@tool
extends RefCounted
## The place in the log of events that has been heard up to, and how the next frame fits to it.

## How a frame fits.
enum Fit {
	## It is the next event.
	NEXT,
	## It was here before, or cannot be read.
	NOTHING,
	## Something is missing between the place and the frame.
	GAP,
}

## Frames that cannot be read, each followed by a resume, after which what is missing is given up.
const STRIKES_MAX: int = 3

## The log that the place is in.
var epoch: String = ""
## The number of the last event that was heard; below 0 while there is no place yet.
var seq: int = -1

var _strikes: int = 0
var _is_garbled: bool = false


## Whether there is a place to go on from.
func is_known() -> bool:
	return seq >= 0


## Whether so much could not be read that going on from here is of no use.
func is_given_up() -> bool:
	return _strikes >= STRIKES_MAX


## Goes on from somewhere else.
func go_to(new_epoch: String, new_seq: int) -> void:
	epoch = new_epoch
	seq = new_seq
	_strikes = 0


## A new connection has garbled nothing yet.
func begin() -> void:
	_is_garbled = false


## A frame came that cannot be read. What is missing next may have been in it.
func garble() -> void:
	_is_garbled = true


## Takes a frame in, and moves on where it is the next event.
func take(frame: Dictionary) -> Fit:
	var at: Variant = frame.get("seq")
	var prev: Variant = frame.get("prev")
	if not at is int or not prev is int or not frame.get("epoch") is String:
		garble()
		return Fit.NOTHING
	if frame["epoch"] == epoch:
		if at <= seq:
			return Fit.NOTHING
		if prev <= seq:
			go_to(epoch, at)
			_is_garbled = false
			return Fit.NEXT
	if _is_garbled:
		_strikes += 1
	return Fit.GAP
