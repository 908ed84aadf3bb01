"""Counting a county again from what its topics tell, and comparing that with what its tables hold."""
