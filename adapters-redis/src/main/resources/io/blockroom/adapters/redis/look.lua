-- The room as it is now.
return view(current())
