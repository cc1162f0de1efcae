-- The room as it is now. Returns {revision, number of members, members…, locks…}.
return view(current())
