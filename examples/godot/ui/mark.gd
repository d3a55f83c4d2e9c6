extends Control
## A small shape that says how something stands, for fonts have few such signs in common.

enum Shape { DOT, RING, WAIT, PLAY, CHECK, CROSS, BAR, HAND, EYE }

const STROKE: float = 2.0

var shape: Shape = Shape.DOT
var color: Color = Color.WHITE


func _init() -> void:
	custom_minimum_size = Vector2(14.0, 14.0)
	size_flags_vertical = Control.SIZE_SHRINK_CENTER
	mouse_filter = Control.MOUSE_FILTER_IGNORE


func _draw() -> void:
	var c: Vector2 = size / 2.0
	match shape:
		Shape.DOT:
			draw_circle(c, 5.0, color, true, -1.0, true)
		Shape.RING:
			draw_circle(c, 4.5, color, false, STROKE, true)
		Shape.WAIT:
			for x: float in [-5.0, 0.0, 5.0]:
				draw_circle(c + Vector2(x, 0.0), 1.6, color, true, -1.0, true)
		Shape.PLAY:
			draw_colored_polygon([c + Vector2(-3.5, -5.0), c + Vector2(5.0, 0.0), c + Vector2(-3.5, 5.0)], color)
		Shape.CHECK:
			draw_polyline([c + Vector2(-5.0, 0.5), c + Vector2(-1.5, 4.0), c + Vector2(5.0, -4.0)], color, STROKE, true)
		Shape.CROSS:
			draw_line(c + Vector2(-4.0, -4.0), c + Vector2(4.0, 4.0), color, STROKE, true)
			draw_line(c + Vector2(4.0, -4.0), c + Vector2(-4.0, 4.0), color, STROKE, true)
		Shape.HAND:
			draw_circle(c + Vector2(0.0, 2.5), 3.2, color, true, -1.0, true)
			for x: float in [-2.6, 0.0, 2.6]:
				draw_line(c + Vector2(x, 1.0), c + Vector2(x * 1.25, -5.5 + absf(x) * 0.4), color, STROKE, true)
			draw_line(c + Vector2(2.5, 3.5), c + Vector2(6.0, 0.5), color, STROKE, true)
		Shape.EYE:
			draw_arc(c + Vector2(0.0, 4.5), 7.5, PI * 1.2, PI * 1.8, 10, color, STROKE, true)
			draw_arc(c - Vector2(0.0, 4.5), 7.5, PI * 0.2, PI * 0.8, 10, color, STROKE, true)
			draw_circle(c, 2.0, color, true, -1.0, true)
		Shape.BAR:
			draw_line(c + Vector2(-4.5, 0.0), c + Vector2(4.5, 0.0), color, STROKE, true)


## Shows another shape.
func show_shape(p_shape: Shape, p_color: Color) -> void:
	if shape != p_shape or color != p_color:
		shape = p_shape
		color = p_color
		queue_redraw()
